using System.Runtime.CompilerServices;
using KafkaCaching.Store.Faster;

namespace KafkaCaching.Store.Entries;

/// <summary>How an entry lies in its slot of the log:
/// <c>[stamp 4][offset 6, partition 2][timestamp 7, removed, partition 1][length, quarantine 4][value][pad]</c>.
/// A slot keeps its capacity for life; the real length stands in it, so that shorter and longer values follow each other in place.
/// The stamp is a sequence lock: odd while the one writer is at work, so that readers see whole entries without a lock.</summary>
internal static unsafe class EntryLayout
{
    /// <summary>Bytes of a slot before its value. With FASTER's own length field in front, the two packed words lie on 8-byte
    /// boundaries.</summary>
    public const int HeaderBytes = 24;

    /// <summary>The highest offset that 6 bytes hold: at a million records a second a partition gets there in nine years.</summary>
    public const long MaxOffset = (1L << 48) - 1;

    /// <summary>What a record of the log takes beside key and value, at most: record header, two length fields, header, padding.</summary>
    public const int MaxOverheadBytes = 8 + (LengthFieldBytes + 7) + LengthFieldBytes + HeaderBytes + 7;

    /// <summary>The smallest record there is: an empty key and an empty value.</summary>
    public const int MinRecordBytes = 8 + 8 + LengthFieldBytes + HeaderBytes;

    /// <summary>The highest partition that 23 bits hold.</summary>
    public const int MaxPartition = (1 << 23) - 1;

    /// <summary>The latest time that 7 bytes hold, in milliseconds, and with its sign the earliest: so that microseconds too keep their
    /// order, where a producer writes them instead.</summary>
    public const long MaxTimestampMs = (1L << 55) - 1;

    /// <summary>The longest value that the length field can hold, in 28 bits.</summary>
    public const int MaxValueBytes = (1 << QuarantineShift) - 1;

    /// <summary>The highest mark of a quarantine, in 4 bits.</summary>
    public const int MaxQuarantine = 15;

    private const int LengthFieldBytes = 4;
    private const int RemovedBit = 1 << 7;
    private const int QuarantineShift = 28;
    private const int SpinsBeforeLeaving = 64;

    /// <summary>Bytes of log that a record takes; FASTER's rule.</summary>
    public static int RecordBytes(int keyLength, int capacity) =>
        Align(8 + Align(LengthFieldBytes + keyLength) + LengthFieldBytes + HeaderBytes + capacity);

    /// <summary>The room for a value in a first slot: nothing to spare, since most keys never change size.</summary>
    public static int TightCapacity(int valueLength) => Fill(valueLength);

    /// <summary>The room in a slot whose predecessor was outgrown: such a key is likely to grow again.</summary>
    public static int RoomyCapacity(int valueLength) => Fill(valueLength + (valueLength >> 2));

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void WriteFirst(byte* slot, in EntryMetadata metadata, byte* value, int length, bool removed)
    {
        *(int*)slot = 0;
        WriteBody(slot, metadata, value, length, removed);
    }

    /// <summary>Writer only. The odd stamp must be visible before the first byte changes, the even one after the last.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Overwrite(byte* slot, in EntryMetadata metadata, byte* value, int length, bool removed)
    {
        ref var stamp = ref *(int*)slot;
        var even = stamp;
        Volatile.Write(ref stamp, even + 1);
        Volatile.WriteBarrier();
        WriteBody(slot, metadata, value, length, removed);
        Volatile.Write(ref stamp, even + 2);
    }

    /// <summary>Writer only, to another slot that no reader can see yet.</summary>
    public static void CopyFirst(byte* from, byte* to)
    {
        *(int*)to = 0;
        var bytes = HeaderBytes - 4 + Length(Word(from));
        new ReadOnlySpan<byte>(from + 4, bytes).CopyTo(new(to + 4, bytes));
    }

    /// <summary>Writer only, whose own writes are the only ones: whether a live entry stands in the slot, and where it is from.</summary>
    public static bool Peek(byte* slot, out EntryMetadata metadata, out int length)
    {
        var word = Word(slot);
        metadata = Metadata(slot, word);
        length = Length(word);
        return !IsRemoved(slot);
    }

    /// <summary>Any thread: a consistent copy of the slot, or false when the writer stayed in the way for too long. The caller then leaves
    /// FASTER's epoch before it comes back: a writer that lost its processor amid a write must not be waited for with the epoch
    /// held.</summary>
    public static bool TryRead(byte* slot, int capacity, ReadBuffer buffer)
    {
        ref var stamp = ref *(int*)slot;
        for (var spin = 0; spin < SpinsBeforeLeaving; spin++)
        {
            var before = Volatile.Read(ref stamp);
            if ((before & 1) == 0)
            {
                var word = Word(slot);
                var length = Length(word);
                // A torn length may be any number: it is bounded by the capacity before a byte is copied.
                if (length <= capacity)
                {
                    buffer.Metadata = Metadata(slot, word);
                    buffer.Removed = IsRemoved(slot);
                    new ReadOnlySpan<byte>(slot + HeaderBytes, length).CopyTo(buffer.MakeValue(length));
                    Volatile.ReadBarrier();
                    if (before == Volatile.Read(ref stamp))
                        return true;
                }
            }

            Thread.SpinWait(8);
        }

        return false;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void WriteBody(byte* slot, in EntryMetadata metadata, byte* value, int length, bool removed)
    {
        *(long*)(slot + 4) = (metadata.Offset << 16) | (ushort)metadata.Partition;
        *(long*)(slot + 12) = (metadata.TimestampMs << 8) | (byte)((metadata.Partition >> 16) | (removed ? RemovedBit : 0));
        *(int*)(slot + 20) = length | (metadata.Quarantine << QuarantineShift);
        new ReadOnlySpan<byte>(value, length).CopyTo(new(slot + HeaderBytes, length));
    }

    private static int Word(byte* slot) => *(int*)(slot + 20);

    private static int Length(int word) => word & MaxValueBytes;

    private static bool IsRemoved(byte* slot) => (slot[12] & RemovedBit) != 0;

    private static EntryMetadata Metadata(byte* slot, int word)
    {
        var (low, high) = (*(long*)(slot + 4), *(long*)(slot + 12));
        return new((ushort)low | (((byte)high & ~RemovedBit) << 16), low >>> 16, high >> 8, (byte)(word >>> QuarantineShift));
    }

    /// <summary>A capacity that leaves no byte between the slot and the next record.</summary>
    private static int Fill(int valueLength) => Align(LengthFieldBytes + HeaderBytes + valueLength) - LengthFieldBytes - HeaderBytes;

    private static int Align(int bytes) => (bytes + 7) & ~7;
}
