using System.Runtime.CompilerServices;

namespace KafkaCaching.Store.Entries;

/// <summary>The layout of an entry in its slot in the log: <c>[stamp 4][offset 6, partition 2][timestamp, more, removed, partition 8]
/// [length, quarantine 4][content][pad]</c>. If <c>more</c> is set, <c>[deadline 7, has headers 1]</c> lies before the content, followed by
/// <c>[header bytes 2]</c> if there are headers. An entry with neither a deadline nor headers uses no space for them. A slot never changes
/// its capacity. The actual length is stored in the slot, so shorter and longer values can be written in place. The stamp is a sequence
/// lock: it is odd while the single writer changes the slot, so readers obtain consistent entries without a lock.</summary>
internal static unsafe class EntryLayout
{
    /// <summary>The number of bytes of a slot before its value. Together with FASTER's length field in front of the slot, they align the
    /// two packed words to 8 bytes.</summary>
    public const int HeaderBytes = 24;

    /// <summary>The highest offset that fits into 6 bytes. At a million records a second, a partition reaches it in nine years.</summary>
    public const long MaxOffset = (1L << 48) - 1;

    /// <summary>The maximum number of bytes that a record in FASTER's log takes in addition to its key and value: the record header, two
    /// length fields, the slot's header, the deadline and the padding.</summary>
    public const int MaxOverheadBytes = 8 + (LengthFieldBytes + 7) + LengthFieldBytes + HeaderBytes + DeadlineBytes + 7;

    /// <summary>The size of the smallest possible record, with an empty key and an empty value.</summary>
    public const int MinRecordBytes = 8 + 8 + LengthFieldBytes + HeaderBytes;

    /// <summary>The highest partition that fits into 23 bits.</summary>
    public const int MaxPartition = (1 << 23) - 1;

    /// <summary>The latest timestamp that fits into 55 bits, in milliseconds. Its negative is the earliest. The range is wide enough to
    /// preserve the order of timestamps that a producer has written in microseconds instead.</summary>
    public const long MaxTimestampMs = (1L << 54) - 1;

    /// <summary>The length of the longest value. The length field has 28 bits.</summary>
    public const int MaxValueBytes = (1 << QuarantineShift) - 1;

    /// <summary>The highest quarantine mark. A mark has 4 bits.</summary>
    public const int MaxQuarantine = 15;

    private const int LengthFieldBytes = 4;
    private const int DeadlineBytes = 8;
    private const int HeaderLengthBytes = 2;
    private const int RemovedBit = 1 << 7;
    private const int MoreBit = 1 << 8;
    private const long HasHeaders = 1;
    private const int TimestampShift = 9;
    private const int QuarantineShift = 28;
    private const int SpinsBeforeLeaving = 64;

    /// <summary>Returns the number of bytes that a record takes in FASTER's log.</summary>
    public static int RecordBytes(int keyLength, int capacity) =>
        Align(8 + Align(LengthFieldBytes + keyLength) + LengthFieldBytes + HeaderBytes + capacity);

    /// <summary>Returns the capacity of a key's first slot. It has no spare room, because most values never change in size.</summary>
    public static int TightCapacity(int length) => Fill(length);

    /// <summary>Returns the capacity of a slot that replaces one that was too small. It has spare room, because the value is likely to grow
    /// again.</summary>
    public static int RoomyCapacity(int length) => Fill(length + (length >> 2));

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void WriteFirst(byte* slot, in EntryMetadata metadata, byte* content, int length, bool removed)
    {
        *(int*)slot = 0;
        WriteBody(slot, metadata, content, length, removed);
    }

    /// <summary>Overwrites the entry in a slot. Called by the writer only. The odd stamp must be visible before the first byte changes, and
    /// the even stamp only after the last one has changed.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Overwrite(byte* slot, in EntryMetadata metadata, byte* content, int length, bool removed)
    {
        ref var stamp = ref *(int*)slot;
        var even = stamp;
        Volatile.Write(ref stamp, even + 1);
        Volatile.WriteBarrier();
        WriteBody(slot, metadata, content, length, removed);
        Volatile.Write(ref stamp, even + 2);
    }

    /// <summary>Copies an entry to another slot that no reader can see yet. Called by the writer only.</summary>
    public static void CopyFirst(byte* from, byte* to)
    {
        *(int*)to = 0;
        var bytes = HeaderBytes - 4 + Length(Word(from));
        new ReadOnlySpan<byte>(from + 4, bytes).CopyTo(new(to + 4, bytes));
    }

    /// <summary>Reads a slot's metadata. Called by the writer only, because any other thread could read parts of two different entries.
    /// Returns whether the slot holds an entry that has not been removed, the entry's metadata, and the length of its content including the
    /// deadline and the size of the headers.</summary>
    public static bool Peek(byte* slot, out EntryMetadata metadata, out int length)
    {
        var word = Word(slot);
        metadata = Metadata(slot, word);
        length = Length(word);
        return !IsRemoved(slot);
    }

    /// <summary>Returns the content of the entry in a slot. Called by the writer only.</summary>
    public static ReadOnlySpan<byte> Content(byte* slot, in EntryMetadata metadata)
    {
        var more = BytesOfMore(metadata);
        return new(slot + HeaderBytes + more, Length(Word(slot)) - more);
    }

    /// <summary>Makes a consistent copy of the slot, or returns false if the writer interfered for too long. The caller must then leave
    /// FASTER's epoch before it tries again: the writer may have been preempted in the middle of a write, and no thread may wait for it
    /// while holding the epoch. Safe to call from any thread.</summary>
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
                // A torn read of the length may yield any number, so it is checked against the capacity before anything is copied.
                if (length <= capacity)
                {
                    buffer.Metadata = Metadata(slot, word);
                    buffer.Removed = IsRemoved(slot);
                    var more = Math.Min(BytesOfMore(buffer.Metadata), length);
                    new ReadOnlySpan<byte>(slot + HeaderBytes + more, length - more).CopyTo(buffer.MakeContent(length - more));
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
    private static void WriteBody(byte* slot, in EntryMetadata metadata, byte* content, int length, bool removed)
    {
        var more = BytesOfMore(metadata);
        *(long*)(slot + 4) = (metadata.Offset << 16) | (ushort)metadata.Partition;
        *(long*)(slot + 12) = (metadata.TimestampMs << TimestampShift)
            | (more != 0 ? (long)MoreBit : 0) | (byte)((metadata.Partition >> 16) | (removed ? RemovedBit : 0));
        *(int*)(slot + 20) = (more + length) | (metadata.Quarantine << QuarantineShift);
        if (more != 0)
        {
            *(long*)(slot + HeaderBytes) = metadata.Deadline.Word | (metadata.HeaderBytes != 0 ? HasHeaders : 0);
            if (metadata.HeaderBytes != 0)
                *(ushort*)(slot + HeaderBytes + DeadlineBytes) = metadata.HeaderBytes;
        }

        new ReadOnlySpan<byte>(content, length).CopyTo(new(slot + HeaderBytes + more, length));
    }

    private static int Word(byte* slot) => *(int*)(slot + 20);

    private static int Length(int word) => word & MaxValueBytes;

    private static bool IsRemoved(byte* slot) => (slot[12] & RemovedBit) != 0;

    private static EntryMetadata Metadata(byte* slot, int word)
    {
        var (low, high) = (*(long*)(slot + 4), *(long*)(slot + 12));
        var partition = (ushort)low | (((byte)high & ~RemovedBit) << 16);
        var quarantine = (byte)(word >>> QuarantineShift);
        if ((high & MoreBit) == 0)
            return new(partition, low >>> 16, high >> TimestampShift, quarantine);

        // While a slot is being written, its flags may not match its length.
        var deadline = Length(word) >= DeadlineBytes ? *(long*)(slot + HeaderBytes) : 0;
        var hasHeaders = (deadline & HasHeaders) != 0 && Length(word) >= DeadlineBytes + HeaderLengthBytes;
        return new(
            partition, low >>> 16, high >> TimestampShift, quarantine, new Deadline(deadline & ~HasHeaders),
            hasHeaders ? *(ushort*)(slot + HeaderBytes + DeadlineBytes) : (ushort)0);
    }

    /// <summary>Returns the number of bytes that the deadline and the size of the headers take before an entry's content.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int BytesOfMore(in EntryMetadata metadata) =>
        metadata.HeaderBytes != 0 ? DeadlineBytes + HeaderLengthBytes
        : metadata.Deadline.IsNone ? 0
        : DeadlineBytes;

    /// <summary>Rounds a length up to a capacity that leaves no unused byte between the slot and the next record.</summary>
    private static int Fill(int length) => Align(LengthFieldBytes + HeaderBytes + length) - LengthFieldBytes - HeaderBytes;

    private static int Align(int bytes) => (bytes + 7) & ~7;
}
