namespace KafkaCaching.Tests.Histories.Live;

/// <summary>Reads a cache continuously. The offset of a key must never decrease, unless the log itself was truncated or replaced.</summary>
internal sealed class LiveReader : IDisposable
{
    private readonly KafkaCache<string, string> _cache;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _reading;
    private readonly Lock _gate = new();
    private readonly Dictionary<string, long> _offsets = new(StringComparer.Ordinal);
    private bool _logMayGoBack;
    private long _reads;

    public LiveReader(KafkaCache<string, string> cache)
    {
        _cache = cache;
        _reading = Task.Factory.StartNew(ReadOn, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
    }

    /// <summary>The number of entries read so far.</summary>
    public long Reads => Interlocked.Read(ref _reads);

    /// <summary>Called before the log is truncated or replaced.</summary>
    public void LogMayGoBack() => Forget(mayGoBack: true);

    /// <summary>Called when the cache has caught up with the current log.</summary>
    public void LogStands() => Forget(mayGoBack: false);

    /// <summary>Stops reading, and throws the exception of a failed check.</summary>
    public void Dispose()
    {
        _stop.Cancel();
        _reading.GetAwaiter().GetResult();
        _stop.Dispose();
    }

    private void Forget(bool mayGoBack)
    {
        lock (_gate)
        {
            _logMayGoBack = mayGoBack;
            _offsets.Clear();
        }
    }

    private void ReadOn()
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                for (var key = 0; key < RecordMaker.Keys && !_stop.IsCancellationRequested; key++)
                    Read($"k{key}");
            }
            catch (CacheNotReadyException)
            {
                _stop.Token.WaitHandle.WaitOne(TimeSpan.FromMilliseconds(1));
            }
        }
    }

    private void Read(string key)
    {
        lock (_gate)
        {
            try
            {
                if (!_cache.TryGetEntry(key, out var entry) || _logMayGoBack)
                    return;
                Interlocked.Increment(ref _reads);
                Assert.True(
                    entry.Offset >= _offsets.GetValueOrDefault(key, -1),
                    $"A reader saw {key} go back from offset {_offsets.GetValueOrDefault(key)} to {entry.Offset}.");
                _offsets[key] = entry.Offset;
            }
            catch (RecordErrorException)
            {
                // The key is quarantined.
            }
        }
    }
}
