using System.Runtime.CompilerServices;
using FASTER.core;

namespace KafkaCaching.Store.Entries;

/// <summary>The one write under way and what it found: FASTER calls it back, inside its epoch, with the slot that stands under the key or
/// with a new one. Every method sets rather than adds, because FASTER calls again when it retries.</summary>
internal sealed unsafe class EntryWrite
{
    private EntryMetadata _metadata;
    private byte* _value;
    private int _length;
    private bool _remove;
    private int _outgrownCapacity;
    private long _copyFrom;
    private byte* _copySource;

    /// <summary>Copying forward is done with records below this address. One whose entry was taken out was left behind there, and goes with
    /// its page: it must not take another entry.</summary>
    public long DoneBelow { get; set; }

    /// <summary>Whether the next write takes the place of whatever stands, older or not.</summary>
    public bool Replaces { get; set; }

    /// <summary>Whether a slot of the key stood in the part of the log that can be written in place. Else nothing is known of the
    /// key.</summary>
    public bool Met { get; private set; }

    /// <summary>Whether the slot that was met held an entry, not one taken out.</summary>
    public bool MetEntry { get; private set; }

    /// <summary>Where the entry that was met is from.</summary>
    public EntryMetadata Previous { get; private set; }

    /// <summary>The entry that was met stays: the write is older.</summary>
    public bool Refused { get; private set; }

    /// <summary>Bytes of log that the entry that was met would take if copied.</summary>
    public int MetBytes { get; private set; }

    /// <summary>Bytes of log that the entry now written would take if copied.</summary>
    public int WrittenBytes { get; private set; }

    /// <summary>Bytes of log of the record that was appended, 0 when the write went in place.</summary>
    public int AppendedBytes { get; private set; }

    /// <summary>Prepares a write. A first slot is tight; one that replaces a slot too small gets
    /// <paramref name="outgrownCapacity"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public SpanByte Prepare(in EntryMetadata metadata, byte* value, int length, bool remove, int outgrownCapacity)
    {
        Clear();
        _metadata = metadata;
        _value = value;
        _length = length;
        _remove = remove;
        _outgrownCapacity = outgrownCapacity;
        return Slot(EntryLayout.TightCapacity(length));
    }

    /// <summary>Prepares a copy to the tail of the record at an address, if it is still the key's current one and holds an entry.</summary>
    public SpanByte PrepareCopy(long from)
    {
        Clear();
        _copyFrom = from;
        return Slot(0);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public bool ConcurrentWriter(ref SpanByte key, ref SpanByte src, ref SpanByte dst, ref UpsertInfo upsertInfo)
    {
        var slot = dst.ToPointer();
        var capacity = dst.Length - EntryLayout.HeaderBytes;
        Met = true;
        MetEntry = EntryLayout.Peek(slot, out var previous, out var length);
        MetBytes = BytesIfCopied(key.Length, capacity, length);
        Previous = previous;
        if (_copyFrom != 0)
        {
            if (upsertInfo.Address != _copyFrom || !MetEntry)
            {
                upsertInfo.Action = UpsertAction.CancelOperation;
                return false;
            }

            _copySource = slot;
            src = Slot(FittingCapacity(capacity, length));
            return false;
        }

        Refused = MetEntry && !_metadata.Supersedes(previous) && !Replaces;
        if (Refused)
            return true;
        if (_length <= capacity && (MetEntry || upsertInfo.Address >= DoneBelow))
        {
            EntryLayout.Overwrite(slot, _metadata, _value, _length, _remove);
            WrittenBytes = BytesIfCopied(key.Length, capacity, _length);
            return true;
        }

        // FASTER takes the new record's size from src after this returns.
        src = Slot(_outgrownCapacity);
        return false;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public bool SingleWriter(ref SpanByte key, ref SpanByte dst, ref UpsertInfo upsertInfo)
    {
        if (_copyFrom != 0 && _copySource == null)
        {
            upsertInfo.Action = UpsertAction.CancelOperation;
            return false;
        }

        // No reader sees the slot before FASTER links it in, with a full barrier.
        var capacity = dst.Length - EntryLayout.HeaderBytes;
        AppendedBytes = EntryLayout.RecordBytes(key.Length, capacity);
        WrittenBytes = BytesIfCopied(key.Length, capacity, _length);
        if (_copyFrom != 0)
            EntryLayout.CopyFirst(_copySource, dst.ToPointer());
        else
            EntryLayout.WriteFirst(dst.ToPointer(), _metadata, _value, _length, _remove);
        return true;
    }

    /// <summary>A value that shrank for good would keep its big slot for ever; a copy never takes more room than the original.</summary>
    private static int FittingCapacity(int capacity, int length) =>
        length >= capacity - capacity / 4 ? capacity : Math.Min(capacity, EntryLayout.RoomyCapacity(length));

    private static int BytesIfCopied(int keyLength, int capacity, int length) =>
        EntryLayout.RecordBytes(keyLength, FittingCapacity(capacity, length));

    /// <summary>Stands for a value of that size; FASTER asks it for its length only.</summary>
    private static SpanByte Slot(int capacity) => new(EntryLayout.HeaderBytes + capacity, 0);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Clear()
    {
        Met = MetEntry = Refused = false;
        MetBytes = WrittenBytes = AppendedBytes = 0;
        Previous = default;
        _copyFrom = 0;
        _copySource = null;
    }
}
