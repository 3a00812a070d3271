namespace KafkaCaching.Tests.Views;

/// <summary>Reads the changes of a view's watch, each formatted as a line.</summary>
internal sealed class ViewReader(
    IKafkaCacheView<string, string> view, WatchOptions<string>? options = null, CancellationToken token = default) : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly IAsyncEnumerator<ViewChange<string, string>> _watch = view.WatchAsync(options, token).GetAsyncEnumerator(token);

    public ViewChange<string, string> Last { get; private set; }

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

    private static string Describe(in ViewChange<string, string> change) => change.Kind == CacheChangeKind.Ready
        ? "Ready"
        : $"{change.Kind} {change.Key} by {change.Cache}: {change.Previous ?? "-"} > {change.Current ?? "-"}"
            + (change.FromRebuild ? " rebuilt" : "");
}
