namespace KafkaCaching.Tests.Changes;

/// <summary>Reads the changes of a watch one by one, as lines of text.</summary>
internal sealed class WatchReader : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly CancellationTokenSource _end;
    private readonly IAsyncEnumerator<CacheChange<string, string>> _watch;
    private Task _step = Task.CompletedTask;

    public WatchReader(
        IReadOnlyKafkaCache<string, string> cache, WatchOptions<string>? options = null, CancellationToken token = default)
    {
        _end = CancellationTokenSource.CreateLinkedTokenSource(token);
        _watch = cache.WatchAsync(options, _end.Token).GetAsyncEnumerator(_end.Token);
    }

    public CacheChange<string, string> Last { get; private set; }

    public async Task<IReadOnlyList<string>> NextAsync(int count)
    {
        var lines = new List<string>();
        while (lines.Count < count)
        {
            var step = _watch.MoveNextAsync().AsTask();
            _step = step;
            Assert.True(await step.WaitAsync(Patience, TestContext.Current.CancellationToken));
            Last = _watch.Current;
            lines.Add(Describe(Last));
        }

        return lines;
    }

    // If the test failed while it waited, the last step has not completed.
    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _step.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _watch.DisposeAsync();
        _end.Dispose();
    }

    public static string Describe(in CacheChange<string, string> change) => change.Kind == CacheChangeKind.Ready
        ? "Ready"
        : $"{change.Kind} {change.Key}: {change.Previous?.Value ?? "-"} > {change.Current?.Value ?? "-"}"
            + (change.FromRebuild ? " rebuilt" : "");
}
