namespace KafkaCaching.Tests.Views;

/// <summary>A copy of a view that is maintained only by a watch. Asserts that the old value of every change is the current value, that
/// every value consists of entries that were written, and that no entry is followed by an older one of its key.</summary>
internal sealed class ViewMirror : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly Dictionary<string, string> _values = new(StringComparer.Ordinal);
    private readonly CancellationTokenSource _stop = new();
    private readonly Lock _gate = new();
    private readonly WatchOptions<string> _options;
    private readonly Func<string, bool> _wasWritten;
    private readonly Dictionary<string, Version> _users = new(StringComparer.Ordinal);
    private readonly Task _watching;
    private bool _isReady;

    public ViewMirror(IKafkaCacheView<string, string> view, WatchOptions<string> options, int yieldsEvery, Func<string, bool> wasWritten)
    {
        (_options, _wasWritten) = (options, wasWritten);
        _watching = Task.Run(() => WatchAsync(view, yieldsEvery));
    }

    /// <summary>Waits until the mirror has the expected content. The caches must no longer change.</summary>
    public void AwaitContent(Dictionary<string, string> expected, string seed)
    {
        SpinWait.SpinUntil(() => _watching.IsCompleted || Holds(expected), Patience);
        if (_watching.IsFaulted)
            throw new InvalidOperationException($"A watch ({_options}) broke at seed {seed}.", _watching.Exception);
        if (!Holds(expected))
        {
            Assert.Fail($"A watch ({_options}) leads to {Describe(_values)}, but the join is {Describe(expected)}. Seed {seed}.");
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await ((Task)_watching).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
    }

    private async Task WatchAsync(IKafkaCacheView<string, string> view, int yieldsEvery)
    {
        var seen = 0;
        await foreach (var change in view.WatchAsync(_options, _stop.Token))
        {
            lock (_gate)
                Take(change);
            if (++seen % yieldsEvery == 0)
                await Task.Yield();
        }
    }

    private void Take(in ViewChange<string, string> change)
    {
        if (change.Kind == CacheChangeKind.Ready)
        {
            Assert.False(_isReady, "Ready twice.");
            _isReady = true;
            return;
        }

        Assert.Equal(change.Kind != CacheChangeKind.Initial, _isReady);
        Assert.Equal(change.Kind == CacheChangeKind.Removed, change.Current is null);
        Assert.True(
            _values.GetValueOrDefault(change.Key) == change.Previous,
            $"The chain of a key is broken: {_values.GetValueOrDefault(change.Key)} is known, {change}.");
        Assert.True(change.Previous != change.Current, $"No change: {change}.");
        if (change.Current is not { } current)
        {
            _values.Remove(change.Key);
            return;
        }

        Assert.True(_wasWritten(current), $"A value that nobody wrote: {change}.");
        LookAtUser(current.Split('|'), change);
        _values[change.Key] = current;
    }

    // The numbers of a key's values increase with each put.
    private void LookAtUser(string[] parts, in ViewChange<string, string> change)
    {
        if (parts[1] == "-")
            return;
        var (user, number) = (SampleView.UserOf(parts[0]), Version.Parse(parts[1].Split(' ')[1]));
        Assert.True(!_users.TryGetValue(user, out var known) || known <= number, $"After {known}, the older user of {change}.");
        _users[user] = number;
    }

    private bool Holds(Dictionary<string, string> expected)
    {
        lock (_gate)
            return _isReady && expected.Count == _values.Count && expected.All(pair => _values.GetValueOrDefault(pair.Key) == pair.Value);
    }

    private static string Describe(Dictionary<string, string> values) => string.Join(
        ", ", values.OrderBy(static pair => pair.Key, StringComparer.Ordinal).Select(static pair => $"{pair.Key}: {pair.Value}"));
}
