using System.Runtime.CompilerServices;
using FASTER.core;
using KafkaCaching.Store.Capture;
using KafkaCaching.Store.Entries;

namespace KafkaCaching.Store.Sessions;

/// <summary>The write in progress and its results. FASTER calls this class while it holds its epoch, with the key's current slot or with a
/// new one. FASTER calls again when it retries, so every method sets values and never accumulates them.</summary>
internal sealed unsafe class EntryWrite
{
    private EntryMetadata _metadata;
    private byte* _content;
    private int _length;
    private int _bytes;
    private bool _remove;
    private int _outgrownCapacity;
    private long _copyFrom;
    private byte* _copySource;

    /// <summary>The address below which copying forward has processed all records. If a removed entry's slot lies below it, the slot has
    /// not been copied and is freed with its page, so it must not be reused for another entry.</summary>
    public long DoneBelow { get; set; }

    /// <summary>Whether the next write replaces the key's current entry even if that entry is newer.</summary>
    public bool Replaces { get; set; }

    /// <summary>Receives the entry that a write replaces or removes, if it is needed.</summary>
    public PreviousEntry? Keeps { get; set; }

    /// <summary>Saves the entries that writes replace or remove, while a capture is being read.</summary>
    public CaptureState? Capture { get; set; }

    /// <summary>Whether the key had a slot in the part of the log that can be written in place. If not, the other results say nothing about
    /// the key.</summary>
    public bool Met { get; private set; }

    /// <summary>Whether that slot held an entry that was not removed.</summary>
    public bool MetEntry { get; private set; }

    /// <summary>The metadata of the entry in that slot.</summary>
    public EntryMetadata Previous { get; private set; }

    /// <summary>Whether the write was refused because it is older than the entry in the slot.</summary>
    public bool Refused { get; private set; }

    /// <summary>The number of bytes in the log that the entry found in the slot would take if it were copied.</summary>
    public int MetBytes { get; private set; }

    /// <summary>The number of bytes in the log that the newly written entry would take if it were copied.</summary>
    public int WrittenBytes { get; private set; }

    /// <summary>The address of the written or copied entry.</summary>
    public long WrittenAt { get; private set; }

    /// <summary>The deadline of the written or copied entry.</summary>
    public Deadline WrittenDeadline => _copyFrom != 0 ? Previous.Deadline : _metadata.Deadline;

    /// <summary>The size of the appended record in the log, or 0 if the entry was written in place.</summary>
    public int AppendedBytes { get; private set; }

    /// <summary>Prepares a write. A key's first slot has no spare room. A slot that replaces one that is too small gets
    /// <paramref name="outgrownCapacity"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public SpanByte Prepare(in EntryMetadata metadata, byte* content, int length, bool remove, int outgrownCapacity)
    {
        Clear();
        _metadata = metadata;
        _content = content;
        _length = length;
        _remove = remove;
        _outgrownCapacity = outgrownCapacity;
        _bytes = EntryLayout.BytesOfMore(metadata) + length;
        return Slot(EntryLayout.TightCapacity(_bytes));
    }

    /// <summary>Prepares to copy the record at an address to the tail, if it is still the key's current record and holds an
    /// entry.</summary>
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
        if (MetEntry)
        {
            Keeps?.Take(previous, EntryLayout.Content(slot, previous));
            Capture?.Save(key.AsReadOnlySpan(), previous, EntryLayout.Content(slot, previous));
        }

        if (_bytes <= capacity && (MetEntry || upsertInfo.Address >= DoneBelow))
        {
            if (!_remove)
                Capture?.Writing(key.AsReadOnlySpan(), _metadata);
            EntryLayout.Overwrite(slot, _metadata, _content, _length, _remove);
            WrittenBytes = BytesIfCopied(key.Length, capacity, _bytes);
            WrittenAt = upsertInfo.Address;
            return true;
        }

        // FASTER determines the size of the new record from src after this method returns.
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

        // No reader can find the slot before FASTER links it into the chain, which involves a full barrier.
        var capacity = dst.Length - EntryLayout.HeaderBytes;
        AppendedBytes = EntryLayout.RecordBytes(key.Length, capacity);
        WrittenBytes = BytesIfCopied(key.Length, capacity, _bytes);
        WrittenAt = upsertInfo.Address;
        if (_copyFrom != 0)
        {
            EntryLayout.CopyFirst(_copySource, dst.ToPointer());
            return true;
        }

        if (!_remove)
            Capture?.Writing(key.AsReadOnlySpan(), _metadata);
        EntryLayout.WriteFirst(dst.ToPointer(), _metadata, _content, _length, _remove);
        return true;
    }

    /// <summary>Returns the capacity of a copy. It is reduced if the value has become much shorter, because otherwise the entry would keep
    /// its large slot forever. A copy never takes more space than the original.</summary>
    private static int FittingCapacity(int capacity, int length) =>
        length >= capacity - capacity / 4 ? capacity : Math.Min(capacity, EntryLayout.RoomyCapacity(length));

    /// <summary>Returns the number of bytes in the log that an entry would take if it were copied.</summary>
    public static int BytesIfCopied(int keyLength, int capacity, int length) =>
        EntryLayout.RecordBytes(keyLength, FittingCapacity(capacity, length));

    /// <summary>Returns a placeholder for a value of this size. FASTER uses only its length.</summary>
    private static SpanByte Slot(int capacity) => new(EntryLayout.HeaderBytes + capacity, 0);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Clear()
    {
        Met = MetEntry = Refused = false;
        MetBytes = WrittenBytes = AppendedBytes = 0;
        WrittenAt = 0;
        Previous = default;
        _copyFrom = 0;
        _copySource = null;
    }
}
