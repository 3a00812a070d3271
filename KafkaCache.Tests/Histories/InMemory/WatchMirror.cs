namespace KafkaCaching.Tests.Histories.InMemory;

/// <summary>A copy of a cache that is built only from a watch. Every change must fit the current entry.</summary>
internal sealed class WatchMirror
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly ModelCache _cache;
    private readonly WatchOptions<string> _options;
    private readonly Dictionary<string, CacheEntry<string>> _entries = new(StringComparer.Ordinal);
    private readonly Dictionary<int, long> _positions = [];
    private readonly Task _watching;
    private readonly Lock _gate = new();
    private TaskCompletionSource? _pause;
    private bool _isReady;
    private int _generations;
    private Exception? _end;

    public WatchMirror(ModelCache cache, Random random)
    {
        _cache = cache;
        var overflow = (WatchOverflow)random.Next(3);
        _options = new WatchOptions<string>
        {
            // With Wait, a paused watcher would block the replay of the history, so its limit is never reached.
            Overflow = overflow, MaxPending = overflow == WatchOverflow.Wait ? 10_000 : random.Next(1, 30),
            WithCursors = random.Next(3) == 0,
        };
        _watching = Task.Run(WatchAsync);
    }

    /// <summary>Pauses or resumes the watcher.</summary>
    public void Pause(bool pauses)
    {
        lock (_gate)
        {
            _pause?.TrySetResult();
            _pause = pauses ? new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously) : null;
        }
    }

    /// <summary>Rethrows an unexpected exception of the watch.</summary>
    public void Look()
    {
        if (Volatile.Read(ref _end) is { } end and not (ObjectDisposedException or CacheFaultedException or RecordErrorException))
            throw new InvalidOperationException($"A watch ({_options}) broke: {end.Message}", end);
    }

    /// <summary>Called when the cache is idle. Checks that the mirror reaches the same content.</summary>
    public void LookAtContent()
    {
        Pause(false);
        if (_cache.State.Snapshot().Phase != CachePhase.Ready)
            return;
        Dictionary<string, CacheEntry<string>> expected;
        try
        {
            expected = _cache.Reader.Scan().ToDictionary(static pair => pair.Key, static pair => pair.Value, StringComparer.Ordinal);
        }
        catch (RecordErrorException)
        {
            return; // The cache can't be read, and the watch has ended with the same error.
        }

        if (!SpinWait.SpinUntil(() => _end is RecordErrorException || Holds(expected), Patience))
        {
            Look();
            Assert.Fail($"A watch ({_options}) leads to {Describe()}, but the cache holds {Describe(expected)}.");
        }
    }

    /// <summary>Checks that the watch ends when the cache is disposed.</summary>
    public void LookAfterTheEnd()
    {
        Pause(false);
        Assert.True(_watching.Wait(Patience), "A watch does not end.");
        Look();
        Assert.NotNull(_end);
    }

    private async Task WatchAsync()
    {
        while (true)
        {
            _generations = _cache.Generations;
            try
            {
                await foreach (var change in _cache.Watcher.RunAsync(_options, CancellationToken.None))
                {
                    Task pause;
                    lock (_gate)
                    {
                        Take(change);
                        pause = _pause?.Task ?? Task.CompletedTask;
                    }

                    await pause;
                }
            }
            catch (WatchOverflowException) when (_options.Overflow == WatchOverflow.Fail)
            {
                lock (_gate)
                {
                    _entries.Clear();
                    _positions.Clear();
                    _isReady = false;
                }
            }
            catch (Exception end)
            {
                Volatile.Write(ref _end, end);
                return;
            }
        }
    }

    private void Take(in CacheChange<string, string> change)
    {
        switch (change.Kind)
        {
            case CacheChangeKind.Initial:
                Assert.False(_isReady, "Initial content after Ready.");
                Assert.True(_entries.TryAdd(change.Key, change.Current!.Value), "Initial twice.");
                return;
            case CacheChangeKind.Ready:
                Assert.False(_isReady, "Ready twice.");
                _isReady = true;
                return;
            default:
                Assert.True(_isReady, "A change before Ready.");
                TakeChange(change);
                return;
        }
    }

    private void TakeChange(in CacheChange<string, string> change)
    {
        CacheEntry<string>? known = _entries.TryGetValue(change.Key, out var entry) ? entry : null;
        Assert.True(known == change.Previous, $"The chain of a key is broken: {known} is known, {change}.");
        Assert.NotEqual(change.Previous, change.Current);
        Assert.Equal(change.Kind == CacheChangeKind.Set, change.Current is not null);
        if (change.Current is { } current)
            _entries[change.Key] = current;
        else
            _entries.Remove(change.Key);

        if (change.FromRebuild)
        {
            _positions.Clear();
            return;
        }

        var (partition, offset) = change.Position;

        // After a rebuild that changed no entry, positions may decrease without a change event.
        var isSameLog = _cache.Generations == _generations;
        Assert.True(!isSameLog || offset >= _positions.GetValueOrDefault(partition), $"Positions go back to {change.Position}.");
        _positions[partition] = offset;
    }

    private bool Holds(Dictionary<string, CacheEntry<string>> expected)
    {
        lock (_gate)
            return _isReady && expected.Count == _entries.Count
                && expected.All(pair => _entries.TryGetValue(pair.Key, out var entry) && entry == pair.Value);
    }

    private string Describe()
    {
        lock (_gate)
            return $"{(_isReady ? "" : "not ready, ")}{Describe(_entries)}";
    }

    private static string Describe(Dictionary<string, CacheEntry<string>> entries) =>
        string.Join(", ", entries.OrderBy(static pair => pair.Key, StringComparer.Ordinal)
            .Select(static pair => $"{pair.Key}@{pair.Value.Partition}:{pair.Value.Offset}"));
}
