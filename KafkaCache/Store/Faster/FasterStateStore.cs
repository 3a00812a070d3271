using System.Runtime.CompilerServices;
using FASTER.core;
using KafkaCaching.Store.Capture;
using KafkaCaching.Store.Entries;
using KafkaCaching.Store.Eviction;
using KafkaCaching.Store.Expiry;
using KafkaCaching.Store.Log;
using KafkaCaching.Store.Memory;
using KafkaCaching.Store.Sessions;
using KafkaCaching.Store.Spill;

namespace KafkaCaching.Store.Faster;

/// <summary>Stores entries in FASTER's log, in memory up to the budget. When the budget is used up, it evicts entries or spills them to a
/// file, depending on the settings. If neither is allowed, it refuses writes, so that no entry is lost.</summary>
internal sealed class FasterStateStore : IStateStore, IEviction, IFasterLoadOwner
{
    private const int RecordsBetweenLooksAtTheClock = 32;
    private const int KeysPerBucketBeforeGrowth = 6;
    private const int MaxSavedBytes = 8 << 20;

    private readonly StoreSettings _settings;
    private readonly StoreGeometry _geometry;
    private readonly SpillFile? _spill;
    private readonly FasterKV<SpanByte, SpanByte> _faster;
    private IndexMemory? _index;
    private readonly LogBudget _budget;
    private readonly LogWriter _writer;
    private readonly ReaderSlots _readers;
    private readonly ReaderSlot _writersReader;
    private readonly CopyForward _forward;
    private readonly SpillCleaner? _cleaner;
    private readonly TimeProvider _time;
    private readonly DeadlineCounts _deadlines;
    private readonly ExpirySweep _sweep;
    private readonly RecentReads? _recentReads;
    private IEntryObserver? _observer;
    private long _count;
    private long _growAt;
    private volatile bool _hasEvicted;
    private int _disposed;

    /// <exception cref="IOException">The spill directory can't be used.</exception>
    public FasterStateStore(StoreSettings settings)
        : this(settings, settings.SpillDirectory is { } directory ? SpillDirectory.CreateFile(directory, settings.Name) : null)
    {
    }

    internal FasterStateStore(StoreSettings settings, SpillFile? spill)
    {
        _settings = settings;
        _geometry = StoreGeometry.For(settings);
        _spill = spill;
        _faster = StoreLog.Open(_geometry, _spill);
        if (!settings.IsExpectedToFill(_geometry.PageBytes))
            FreshPages.GiveBack(_faster);
        _index = IndexMemory.Of(_faster);
        _budget = new(_faster.Log, _geometry);
        _writer = new(_faster, _budget, PageSupply.Of(_faster, _geometry), _index);
        // FASTER itself is never disposed of. Its pages are ordinary managed objects, and a read in progress keeps them alive.
        _readers = new(_faster, _spill, () => _spill?.Dispose());
        _writersReader = _readers.TakeOwn();
        _forward = new(_faster.Log, _budget, _writer, _writersReader);
        if (_spill is not null)
            _cleaner = new(_faster.Log, _budget, _writer, _readers.TakeOwn(), _spill);
        _growAt = _faster.IndexSize * KeysPerBucketBeforeGrowth;
        _time = settings.Time;
        _deadlines = new(_time);
        _sweep = new(_faster.Log, _budget, _writer, _writersReader);
        _recentReads = settings.Evicts ? new RecentReads(settings.MemoryBudget) : null;
    }

    public long Count => Math.Max(0, Volatile.Read(ref _count) - ExpiredCount);

    public long ExpiredCount => _deadlines.IsEmpty ? 0 : _deadlines.ExpiredAt(NowMs());

    public bool HasEvicted => _hasEvicted;

    public long MemoryBytes => _faster.Log.MemorySizeBytes + (_faster.IndexSize + _faster.OverflowBucketCount) * StoreGeometry.BucketBytes;

    public long? SpilledBytes => _spill?.BytesOnDisk;

    /// <summary>The number of bytes in the log that copying forward has examined. Read by the writer only.</summary>
    public long CopyForwardBytes => _forward.ExaminedBytes;

    /// <summary>The average number of entries per bucket of the index. A bucket has room for seven entries, and further ones are in
    /// overflow buckets.</summary>
    public double KeysPerBucket => (double)Volatile.Read(ref _count) / _faster.IndexSize;

    public int MaxEntryBytes => _geometry.MaxEntryBytes;

    public IEntryObserver? Observer
    {
        get => _observer;
        set => (_observer, _writer.Previous) = (value, null);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public WriteResult Set(ReadOnlySpan<byte> key, in EntryMetadata metadata, ReadOnlySpan<byte> content) =>
        _recentReads is null ? SetHere(key, metadata, content) : SetWithEviction(key, metadata, content);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private WriteResult SetHere(ReadOnlySpan<byte> key, in EntryMetadata metadata, ReadOnlySpan<byte> content) =>
        _observer is { } observer
            ? Observed(new EntryChange(key, metadata, content, removes: false), observer)
            : Write(key, metadata, content);

    // Entries are evicted before the write begins, so that an observer sees one write at a time.
    private WriteResult SetWithEviction(ReadOnlySpan<byte> key, in EntryMetadata metadata, ReadOnlySpan<byte> content)
    {
        _forward.Evict(EntryLayout.RecordBytes(key.Length, Roomy(key.Length, EntryLayout.BytesOfMore(metadata) + content.Length)), this);
        return SetHere(key, metadata, content);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private WriteResult Write(ReadOnlySpan<byte> key, in EntryMetadata metadata, ReadOnlySpan<byte> content)
    {
        _readers.ThrowIfClosed();
        if (key.Length + (long)content.Length > MaxEntryBytes)
            throw StoreErrors.TooLarge(key.Length, content.Length, _geometry);
        if ((ulong)metadata.Offset > EntryLayout.MaxOffset || (uint)metadata.Partition > EntryLayout.MaxPartition)
            throw StoreErrors.OutOfRange(metadata);
        var existing = default(Existing);
        if (_spill is not null && Refuses(existing = Look(key), metadata))
            return WriteResult.Refused;
        var bytes = EntryLayout.BytesOfMore(metadata) + content.Length;
        var outgrownCapacity = _spill is null ? EnsureRoom(key, bytes) : Roomy(key.Length, bytes);
        var written = _writer.Write(key, metadata, content, remove: false, outgrownCapacity);
        if (written.Refused)
            return WriteResult.Refused;
        // An entry that is written in place counts as recently read, because it is new even if its slot is on an old page.
        if (written.AppendedBytes == 0)
            _recentReads?.Note(key);
        if (written.Met)
            existing = new(written.MetEntry, written.Previous);
        if (_count >= _growAt)
            GrowIndex();
        if (_cleaner is not null)
            Clean(key, written, existing);
        else if (written.AppendedBytes != 0 && !(_recentReads is not null && _budget.IsMostlyLive))
            _forward.Step(written.AppendedBytes);
        return Settle(existing, metadata, added: metadata.IsQuarantined ? 0 : 1);
    }

    public void Replace(ReadOnlySpan<byte> key, in EntryMetadata metadata, ReadOnlySpan<byte> content)
    {
        _writer.Replaces = true;
        try
        {
            Set(key, metadata, content);
        }
        finally
        {
            _writer.Replaces = false;
        }
    }

    public WriteResult Remove(ReadOnlySpan<byte> key, in EntryMetadata tombstone) =>
        _observer is { } observer
            ? Observed(new EntryChange(key, tombstone, default, removes: true), observer)
            : Take(key, tombstone);

    private WriteResult Take(ReadOnlySpan<byte> key, in EntryMetadata tombstone)
    {
        _readers.ThrowIfClosed();
        var existing = Look(key);
        if (!existing.Present)
            return WriteResult.WasAbsent;
        if (Refuses(existing, tombstone))
            return WriteResult.Refused;
        // Without a spill file, the slot is marked as removed in place. Removing an entry therefore needs no room, even if the store is
        // full.
        var written = _writer.Write(key, tombstone, [], remove: true, outgrownCapacity: 0);
        if (_cleaner is not null)
            Clean(key, written, existing);
        return Settle(existing, tombstone, added: 0);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Prefetch(ReadOnlySpan<byte> key) => _index?.Prefetch(key);

    public StoredEntry Read(ReadOnlySpan<byte> key)
    {
        _recentReads?.Note(key);
        return Read(key, evenExpired: false);
    }

    public StoredEntry ReadEvenExpired(ReadOnlySpan<byte> key) => Read(key, evenExpired: true);

    public void NoteRead(ReadOnlySpan<byte> key) => _recentReads?.Note(key);

    public void Sweep(TimeSpan atMost)
    {
        if (_deadlines.IsEmpty)
            return;
        var started = _time.GetTimestamp();
        var nowMs = NowMs();
        var passed = 0;
        _deadlines.PassTo(nowMs);
        // The current round may have begun before some of the entries expired. A second round finds these entries too.
        for (var rounds = 0; rounds < 2 && _deadlines.ExpiredAt(nowMs) > 0; rounds++)
        {
            while (_sweep.MoveNext(nowMs, out var isExpired))
            {
                if (isExpired)
                    RemoveHere(_sweep.Key, _sweep.Metadata, isExpired: true);
                if (++passed % RecordsBetweenLooksAtTheClock == 0 && _time.GetElapsedTime(started) >= atMost)
                    return;
            }
        }
    }

    bool IEviction.MustStay(ReadOnlySpan<byte> key)
    {
        var prefixes = _settings.NeverEvictPrefixes;
        for (var i = 0; i < prefixes.Count; i++)
        {
            if (key.StartsWith(prefixes[i].Span))
                return true;
        }

        return false;
    }

    bool IEviction.IsRead(ReadOnlySpan<byte> key) => _recentReads!.Contains(key);

    void IEviction.ForgetOlderReads() => _recentReads!.ForgetOlder();

    void IEviction.TakeOut(ReadOnlySpan<byte> key, in EntryMetadata metadata) =>
        RemoveHere(key, metadata, isExpired: metadata.Deadline.IsPast(_time));

    // The writer's session does not see an entry that is no longer in memory. Such an entry was read before the write.
    private void Clean(ReadOnlySpan<byte> key, EntryWrite written, in Existing existing)
    {
        if (!written.Met && existing.Present)
            _budget.LiveBytes -= _writersReader.BytesIfCopied(key.Length);
        if (written.AppendedBytes != 0)
            _cleaner!.Step(written.AppendedBytes);
    }

    private StoredEntry Read(ReadOnlySpan<byte> key, bool evenExpired)
    {
        var slot = _readers.Take();
        var found = false;
        try
        {
            found = slot.ReadEntry(key) && (evenExpired || !slot.Buffer.Metadata.Deadline.IsPast(_time));
            return found ? new(ref slot.Buffer.Metadata, slot.Buffer.Content, slot) : default;
        }
        finally
        {
            if (!found)
                slot.Release();
        }
    }

    // A store that evicts is nearly always full, so that entries may have to be evicted while it is loaded.
    public IEntryLoad? BeginLoad()
    {
        if (_settings.Evicts || _spill is not null || _observer is not null || _budget.UsedBytes > 0
            || FasterInternals.LogMemoryOf(_faster) is not { } memory || IndexBuckets.Of(_faster, _index) is not { } index)
            return null;
        _index!.LayOutIfUsed(_settings.ExpectedEntries);
        return new FasterLoad(_faster, memory, index, _geometry, this);
    }

    void IFasterLoadOwner.Loaded(in LoadedLog log)
    {
        _budget.LiveBytes = log.LiveBytes;
        _budget.EndBytes = log.EndBytes;
        _writer.Loaded(log.Tail, log.Records);
        Volatile.Write(ref _count, log.Entries);
    }

    void IFasterLoadOwner.NoteDeadline(long address, Deadline deadline, bool counts)
    {
        _writer.Deadlines.Note(address, deadline);
        if (counts)
            _deadlines.Add(deadline);
    }

    StoreFullException IFasterLoadOwner.Full() => StoreErrors.Full(_settings, Count);

    EntryTooLargeException IFasterLoadOwner.TooLarge(int keyLength, int contentLength) =>
        StoreErrors.TooLarge(keyLength, contentLength, _geometry);

    public EntryCapture? BeginCapture(long[] below)
    {
        if (_spill is not null || IndexBuckets.Of(_faster, _index) is not { } buckets)
            return null;
        var state = new CaptureState(below, buckets.Count, MaxSavedBytes);
        var capture = new FasterCapture(buckets, state, _readers.TakeOwn(), _writer.EndCapture);
        _writer.BeginCapture(state);
        return capture;
    }

    public StoreScan Scan(bool includesRemoved = false) =>
        new FasterScan(_faster.Log, _budget, _writer, _readers.TakeOwn(), includesRemoved, _time);

    /// <summary>Called by the writer, or after the writer has ended. Reads and scans in progress finish, and the spill file is deleted when
    /// the last of them has finished.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
            return;
        _writer.Capture?.Abort(CaptureEnd.StoreEnded);
        _writersReader.Release();
        _cleaner?.Close();
        _readers.Close();
    }

    // Without this, the index of a topic that was empty at the start could end up with thousands of entries in each bucket, and a read
    // would have to examine all of them.
    private void GrowIndex()
    {
        _growAt = long.MaxValue;
        if (_faster.IndexSize * StoreGeometry.BucketBytes * 2 > _geometry.MaxIndexBytes)
            return;
        _writer.Capture?.LeaveIndex();
        if (!_faster.GrowIndex())
            return;
        _index = IndexMemory.Of(_faster);
        _writer.Index = null; // Growing the index has written to all of its memory.
        _growAt = _faster.IndexSize * KeysPerBucketBeforeGrowth;
    }

    private long NowMs() => _time.GetUtcNow().ToUnixTimeMilliseconds();

    private void RemoveHere(ReadOnlySpan<byte> key, in EntryMetadata metadata, bool isExpired)
    {
        var gone = metadata with { Deadline = default, HeaderBytes = 0 };
        var result = _observer is { } observer
            ? Observed(new EntryChange(key, gone, default, removes: true, isOfLog: false), observer)
            : Take(key, gone);
        if (result == WriteResult.WasAbsent)
            return;
        _hasEvicted |= !isExpired;
        if (metadata.IsQuarantined)
            return;
        if (isExpired)
            _settings.Removals.CountExpired();
        else
            _settings.Removals.CountEvicted();
    }

    private WriteResult Observed(in EntryChange change, IEntryObserver observer)
    {
        var result = WriteResult.Refused;
        var happened = false;
        _writer.Previous = observer.Previous;
        _writer.Previous?.Clear();
        observer.Writing(change);
        try
        {
            result = change.Removes ? Take(change.Key, change.Metadata) : Write(change.Key, change.Metadata, change.Content);
            happened = change.Removes ? result is not (WriteResult.Refused or WriteResult.WasAbsent) : result != WriteResult.Refused;
            return result;
        }
        finally
        {
            observer.Written(change, happened);
        }
    }

    /// <summary>Ensures that there is room for an entry that may have to be appended. Returns the capacity for a slot that replaces one
    /// that is too small.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private int EnsureRoom(ReadOnlySpan<byte> key, int bytes)
    {
        var roomy = Roomy(key.Length, bytes);
        var roomyBytes = EntryLayout.RecordBytes(key.Length, roomy);
        if (_budget.HasRoom(roomyBytes))
            return roomy;
        var tight = EntryLayout.TightCapacity(bytes);
        if (FitsInPlace(key, bytes))
            return tight;
        if (_forward.MakeRoom(roomyBytes))
            return roomy;
        if (_budget.HasRoom(EntryLayout.RecordBytes(key.Length, tight)))
            return tight;
        throw StoreErrors.Full(_settings, Count);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private int Roomy(int keyLength, int bytes)
    {
        var roomy = EntryLayout.RoomyCapacity(bytes);
        return EntryLayout.RecordBytes(keyLength, roomy) <= _geometry.PageBytes ? roomy : EntryLayout.TightCapacity(bytes);
    }

    private bool FitsInPlace(ReadOnlySpan<byte> key, int bytes)
    {
        _writersReader.ReadEntry(key);
        var slot = _writersReader.Buffer;
        return slot.Outcome == ReadOutcome.Found && bytes <= slot.Capacity && slot.Address >= _writer.DoneBelow;
    }

    private Existing Look(ReadOnlySpan<byte> key)
    {
        _spill?.ThrowIfFailed();
        if (!_writersReader.ReadEntry(key))
            return default;
        var found = _writersReader.Buffer;
        _writer.Previous?.Take(found.Metadata, found.Content);
        return new(true, found.Metadata);
    }

    private bool Refuses(in Existing existing, in EntryMetadata next) =>
        existing.Present && !next.Supersedes(existing.Metadata) && !_writer.Replaces;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private WriteResult Settle(in Existing existing, in EntryMetadata next, int added)
    {
        var taken = existing is { Present: true, Metadata.IsQuarantined: false } ? 1 : 0;
        Volatile.Write(ref _count, _count + added - taken);
        if (taken != 0 && !existing.Metadata.Deadline.IsNone)
            _deadlines.Remove(existing.Metadata.Deadline);
        if (added != 0 && !next.Deadline.IsNone)
            _deadlines.Add(next.Deadline);
        if (!existing.Present)
            return WriteResult.WasAbsent;
        return existing.Metadata.Partition == next.Partition ? WriteResult.WasPresent : WriteResult.WasInAnotherPartition;
    }

    /// <summary>The state of a key before a write.</summary>
    private readonly record struct Existing(bool Present, EntryMetadata Metadata);
}
