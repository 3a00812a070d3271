namespace KafkaCaching.Tests.Changes;

/// <summary>Reads a watch change by change, each as a line.</summary>
internal sealed class WatchReader(
    IReadOnlyKafkaCache<string, string> cache, WatchOptions<string>? options = null, CancellationToken token = default) : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly IAsyncEnumerator<CacheChange<string, string>> _watch = cache.WatchAsync(options, token).GetAsyncEnumerator(token);

    public CacheChange<string, string> Last { get; private set; }

    public async Task<IReadOnlyList<string>> NextAsync(int count)
    {
        var lines = new List<string>();
        while (lines.Count < count)
        {
            Assert.True(await _watch.MoveNextAsync().AsTask().WaitAsync(Patience, TestContext.Current.CancellationToken));
            Last = _watch.Current;
            lines.Add(Describe(Last));
        }

        return lines;
    }

    public ValueTask DisposeAsync() => _watch.DisposeAsync();

    private static string Describe(in CacheChange<string, string> change) => change.Kind == CacheChangeKind.Ready
        ? "Ready"
        : $"{change.Kind} {change.Key}: {change.Previous?.Value ?? "-"} > {change.Current?.Value ?? "-"}"
            + (change.FromRebuild ? " rebuilt" : "");
}
