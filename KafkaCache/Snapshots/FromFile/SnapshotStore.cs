using System.Runtime.CompilerServices;
using KafkaCaching.Snapshots.Format;
using KafkaCaching.Store;
using KafkaCaching.Store.Capture;
using KafkaCaching.Store.Entries;
using KafkaCaching.Waiting;

namespace KafkaCaching.Snapshots.FromFile;

/// <summary>Serves the entries of a snapshot before they are in memory. A read looks first among the writes since the snapshot, and then in
/// the file. Meanwhile, another thread loads the file into a store, which takes over at the end.</summary>
/// <remarks>An operation that is not possible on the file waits for that store: a scan, and a write whose outcome depends on the previous
/// entry. The store takes over on the replay thread, between two writes. It receives all the writes since the snapshot before readers use
/// it, so at that moment, a read has the same result before and after the takeover.</remarks>
internal sealed class SnapshotStore : IStateStore
{
    private readonly SnapshotReader _snapshot;
    private readonly IStateStore _store;
    private readonly LoadProgress _progress;
    private readonly TimeProvider _time;
    private readonly CancellationToken _stopping;
    private readonly Completion<IStateStore> _whole = new();
    private readonly long _entries;
    private readonly Lock _gate = new();
    private Unloaded? _unloaded;
    private volatile IStateStore? _successor;
    private Task<TimeSpan>? _loading;
    private IEntryObserver? _observer;
    private Thread? _writer;
    private bool _disposed;

    /// <param name="snapshot">The file, which the store disposes of.</param>
    /// <param name="store">The empty store to load, which takes over at the end. This store disposes of it.</param>
    /// <param name="progress">Counts the steps of the load.</param>
    /// <param name="maxBytes">The maximum number of bytes of the entries written before the takeover.</param>
    /// <param name="time">The clock.</param>
    /// <param name="stopping">The cache is stopping.</param>
    /// <exception cref="SnapshotException">The file can't be used.</exception>
    public SnapshotStore(
        SnapshotReader snapshot, IStateStore store, LoadProgress progress, long maxBytes, TimeProvider time, CancellationToken stopping)
    {
        _snapshot = snapshot;
        _store = store;
        _progress = progress;
        _time = time;
        _stopping = stopping;
        _entries = snapshot.Description.Entries;
        _unloaded = new Unloaded(new FileEntries(snapshot), new WritesSince(maxBytes));
    }

    /// <summary>Called on the replay thread when the store takes over, with the time that the load took.</summary>
    public Action<TimeSpan>? OnTakeover { get; init; }

    /// <summary>Called on any thread when the load has ended, whether or not it succeeded.</summary>
    public Action? OnLoadEnded { get; set; }

    /// <summary>The number of keys that were written before the takeover although the snapshot had an entry of another partition for
    /// them.</summary>
    public long KeysSeenInTwoPartitions { get; private set; }

    /// <summary>The exact number of entries once all of them are in memory. Until then, it is the number of entries in the
    /// snapshot.</summary>
    public long Count => _successor?.Count ?? _entries;

    public long ExpiredCount => _successor?.ExpiredCount ?? 0;

    public long MemoryBytes => _store.MemoryBytes + (_unloaded?.Writes.Bytes ?? 0);

    public int MaxEntryBytes => _store.MaxEntryBytes;

    public IEntryObserver? Observer
    {
        get => _successor is { } successor ? successor.Observer : _observer;
        set
        {
            if (_successor is { } successor)
                successor.Observer = value;
            else
                _observer = value;
        }
    }

    /// <summary>How long the load took; <see langword="null"/> until the store has taken over. Safe to read from any thread.</summary>
    public TimeSpan? LoadDuration => _successor is null ? null : _loading!.Result;

    /// <summary>Begins the load, unless it has already begun. Safe to call from any thread.</summary>
    public void BeginLoad() => _ = Loading();

    /// <summary>Begins the load if necessary, and waits until all entries are in memory. Safe to call from any thread.</summary>
    /// <exception cref="CacheNotReadyException">The file could not be loaded.</exception>
    /// <exception cref="ObjectDisposedException">The store has been disposed of, or the cache is stopping.</exception>
    public IStateStore WaitForWhole()
    {
        if (_successor is { } successor)
            return successor;
        // A validator may read the cache on the replay thread, and no other thread can make the store take over.
        if (Thread.CurrentThread == Volatile.Read(ref _writer))
            return TakeOver();
        BeginLoad();
        try
        {
            return _whole.Task.WaitAsync(_stopping).GetAwaiter().GetResult();
        }
        catch (OperationCanceledException stopping) when (_stopping.IsCancellationRequested)
        {
            throw new ObjectDisposedException("The cache is stopping.", stopping);
        }
    }

    /// <summary>Ends the load and fails the waits for it, because no store will take over.</summary>
    public void Fail(Exception error)
    {
        _progress.GiveUp();
        _whole.TryFail(error);
    }

    /// <summary>Makes the store take over if it is completely loaded. It does not wait. Called by the writer only.</summary>
    /// <returns>The store, or <see langword="null"/> if it is still being loaded.</returns>
    /// <exception cref="SnapshotException">The file can't be loaded.</exception>
    /// <exception cref="StoreFullException">The memory budget is used up.</exception>
    public IStateStore? TryTakeOver()
    {
        Volatile.Write(ref _writer, Thread.CurrentThread);
        var loading = Volatile.Read(ref _loading);
        if (_successor is null && loading is not { IsCompleted: true })
        {
            if (loading is not null && _progress.IsStalled(_time))
                throw Lose(LoadProgress.Late());
            return null;
        }

        return TakeOver();
    }

    /// <summary>Waits for the load, and makes the store take over. Throws the same exceptions as <see cref="TryTakeOver"/>. Called by the
    /// writer only.</summary>
    /// <exception cref="OperationCanceledException">The cache is stopping.</exception>
    public IStateStore TakeOver()
    {
        if (_successor is { } there)
            return there;
        var elapsed = AwaitLoad();
        WriteTo(_store, _unloaded!.Writes);
        _store.Observer = _observer;
        _successor = _store;
        Volatile.Write(ref _unloaded, null); // A reader that finds null here finds the successor.
        _whole.TrySet(_store);
        _snapshot.Dispose();
        OnTakeover?.Invoke(elapsed);
        return _store;
    }

    public WriteResult Set(ReadOnlySpan<byte> key, in EntryMetadata metadata, ReadOnlySpan<byte> content)
    {
        if (_successor is { } successor)
            return successor.Set(key, metadata, content);
        return key.Length + (long)content.Length <= MaxEntryBytes
            && TryNote(new EntryChange(key, metadata, content, removes: false))
            ? WriteResult.WasPresent
            : TakeOver().Set(key, metadata, content);
    }

    public void Replace(ReadOnlySpan<byte> key, in EntryMetadata metadata, ReadOnlySpan<byte> content) =>
        TakeOver().Replace(key, metadata, content);

    public WriteResult Remove(ReadOnlySpan<byte> key, in EntryMetadata tombstone)
    {
        if (_successor is { } successor)
            return successor.Remove(key, tombstone);
        return TryNote(new EntryChange(key, tombstone, default, removes: true))
            ? WriteResult.WasPresent
            : TakeOver().Remove(key, tombstone);
    }

    public void Sweep(TimeSpan atMost) => _successor?.Sweep(atMost);

    public void Prefetch(ReadOnlySpan<byte> key) => _successor?.Prefetch(key);

    public StoredEntry Read(ReadOnlySpan<byte> key) => Read(key, evenExpired: false);

    public StoredEntry ReadEvenExpired(ReadOnlySpan<byte> key) => Read(key, evenExpired: true);

    public EntryCapture? BeginCapture(long[] below) => _successor?.BeginCapture(below);

    public StoreScan Scan(bool includesRemoved = false) => WaitForWhole().Scan(includesRemoved);

    public void Dispose()
    {
        lock (_gate)
        {
            if (_disposed)
                return;
            _disposed = true;
        }

        Fail(new ObjectDisposedException(nameof(SnapshotStore)));
        _snapshot.Dispose();
        if (_loading is null)
            _store.Dispose();
        else
            // The store must not be disposed of while it is being filled.
            _ = _loading.ContinueWith(
                static (_, store) => ((IStateStore)store!).Dispose(), _store,
                CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
    }

    private void End(Task loaded)
    {
        if (loaded.Exception is { } failed)
            Lose(failed.InnerException!);
        OnLoadEnded?.Invoke();
    }

    private Task<TimeSpan> Loading()
    {
        lock (_gate)
        {
            if (_loading is not null)
                return _loading;
            ObjectDisposedException.ThrowIf(_disposed, this);
            _loading = Blocking.RunAsync(Load);
            _ = _loading.ContinueWith(
                loaded => End(loaded), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
            return _loading;
        }
    }

    private TimeSpan Load()
    {
        var started = _time.GetTimestamp();
        SnapshotLoader.Load(_snapshot, _store, claims: null, _progress);
        return _time.GetElapsedTime(started);
    }

    private TimeSpan AwaitLoad()
    {
        var loading = Loading();
        try
        {
            while (!_progress.Wait(loading, _time, _stopping))
            {
                // The load has made progress, so the wait continues.
            }

            return loading.GetAwaiter().GetResult();
        }
        catch (Exception failed) when (failed is not OperationCanceledException || !_stopping.IsCancellationRequested)
        {
            throw Lose(failed as SnapshotException ?? new SnapshotException(ColdStartReason.Unreadable, failed.Message, failed));
        }
    }

    private T Lose<T>(T cause)
        where T : Exception
    {
        _whole.TryFail(Lost(cause));
        return cause;
    }

    private static CacheNotReadyException Lost(Exception cause) => new(
        $"A part of the snapshot can't be read ({cause.Message}), and the cache replays its topic instead. Try again when the cache is "
        + "ready.",
        CachePhase.Rebuilding, progress: 0);

    // The write is recorded without the previous entry, which would have to be read from the file.
    private bool TryNote(in EntryChange change)
    {
        var writes = _unloaded!.Writes;
        if (_observer is not { } observer)
            return writes.TryNote(change.Key, change.Metadata, change.Content, change.Removes);
        if (observer.Previous is not null)
            return false;
        observer.Writing(change);
        var happened = false;
        try
        {
            return happened = writes.TryNote(change.Key, change.Metadata, change.Content, change.Removes);
        }
        finally
        {
            observer.Written(change, happened);
        }
    }

    private void WriteTo(IStateStore store, WritesSince writes)
    {
        foreach (var (key, written) in writes.All)
        {
            var result = written.Removes
                ? store.Remove(key, written.Tombstone)
                : store.Set(key, written.Metadata, written.Content);
            if (result is WriteResult.WasInAnotherPartition or WriteResult.Refused)
                KeysSeenInTwoPartitions++;
            if (result == WriteResult.Refused && !written.Removes && IsSupersededBy(store, key, written))
                store.Replace(key, written.Metadata, written.Content);
        }
    }

    // The store compared only the timestamp of the last record. An earlier record of the same partition may have a later timestamp, with
    // which it would have replaced the entry.
    private static bool IsSupersededBy(IStateStore store, byte[] key, WrittenEntry written)
    {
        using var stored = store.ReadEvenExpired(key);
        return stored.Found && written.Supersedes(stored.Metadata);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private StoredEntry Read(ReadOnlySpan<byte> key, bool evenExpired) =>
        _successor is null ? ReadUnloaded(key, evenExpired) : ReadIn(_successor, key, evenExpired);

    private static StoredEntry ReadIn(IStateStore store, ReadOnlySpan<byte> key, bool evenExpired) =>
        evenExpired ? store.ReadEvenExpired(key) : store.Read(key);

    private StoredEntry ReadUnloaded(ReadOnlySpan<byte> key, bool evenExpired)
    {
        try
        {
            // The field is null once the store has taken over.
            if (Volatile.Read(ref _unloaded) is { } unloaded)
                return Visible(unloaded.Read(key), evenExpired);
        }
        catch (ObjectDisposedException) when (_successor is not null)
        {
            // The store has taken over in the meantime, and the file has been closed.
        }
        catch (SnapshotException damaged)
        {
            throw Lost(damaged);
        }

        return ReadIn(_successor!, key, evenExpired);
    }

    private StoredEntry Visible(StoredEntry stored, bool evenExpired)
    {
        if (!stored.Found || evenExpired || !stored.Metadata.Deadline.IsPast(_time))
            return stored;
        stored.Dispose();
        return default;
    }

    /// <summary>The sources of reads until all entries are in memory.</summary>
    private sealed record Unloaded(FileEntries File, WritesSince Writes)
    {
        public StoredEntry Read(ReadOnlySpan<byte> key)
        {
            var written = Writes.Find(key);
            if (written is { IsCurrent: true })
                return EntryOf(written);
            var stored = File.Read(key);
            if (written is null || (stored.Found && !written.Supersedes(stored.Metadata)))
                return stored;
            stored.Dispose();
            written.FoundCurrent();
            return EntryOf(written);
        }

        private static StoredEntry EntryOf(WrittenEntry written) =>
            written.Removes ? default : new StoredEntry(in written.Metadata, written.Content, lease: null);
    }
}
