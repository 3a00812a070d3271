namespace KafkaCaching.Tests.PublicFace.Disposal;

/// <summary>All kinds of waits for a cache: for readiness, positions and puts, asynchronous and blocking.</summary>
internal sealed class Waiters
{
    private static readonly TimeSpan AfterDispose = TimeSpan.FromSeconds(10);

    private readonly List<(string Of, Task Task)> _waiting = [];

    public Waiters(KafkaCache<string, string> cache, Random random)
    {
        Add("ready", cache.WaitUntilReadyAsync(TestContext.Current.CancellationToken));
        Add("blocked until ready", Blocking(() => cache.WaitUntilReady()));
        Add("position to come", cache.WaitUntilAppliedAsync(new CachePosition(0, 1_000_000), TestContext.Current.CancellationToken));
        Add("position", cache.WaitUntilAppliedAsync(new CachePosition(1, random.Next(200)), TestContext.Current.CancellationToken));
        var puts = random.Next(1, 30);
        for (var i = 0; i < puts; i++)
            Add("put", cache.PutAsync($"k{random.Next(500)}", "new", (PutWait)random.Next(2), TestContext.Current.CancellationToken));
        Add("remove", cache.RemoveAsync($"k{random.Next(500)}", PutWait.Applied, TestContext.Current.CancellationToken));
        Add("blocked put", Blocking(() => _ = cache.Put("blocked", "v", PutWait.Applied)));
        Add(
            "many puts",
            cache.PutManyAsync(
                Enumerable.Range(0, 200).Select(static i => KeyValuePair.Create($"m{i}", "v")), PutWait.Applied,
                TestContext.Current.CancellationToken));
        Add("scan", Blocking(() => _ = cache.Scan().Count()));
    }

    /// <summary>Returns the outcome of each wait. Fails if a wait has not ended, or has an unexpected outcome.</summary>
    public async Task<IReadOnlyList<DisposeMoment.Outcome>> OutcomesAsync()
    {
        var outcomes = new List<DisposeMoment.Outcome>();
        foreach (var (of, task) in _waiting)
        {
            var answered = await Task.WhenAny(task, Task.Delay(AfterDispose, TestContext.Current.CancellationToken)) == task;
            Assert.True(answered, $"A waiter for '{of}' was left without an answer.");
            var error = await Record.ExceptionAsync(() => task);
            AssertIsClear(of, error);
            outcomes.Add(new(of, error is PutException put ? $"{put.Outcome}" : error?.GetType().Name ?? "result"));
        }

        return outcomes;
    }

    private static void AssertIsClear(string of, Exception? error)
    {
        var isClear = error switch
        {
            null => true,
            ObjectDisposedException disposed => disposed.Message.Contains("disposed", StringComparison.Ordinal),
            CacheFaultedException or TopicChangedException => true,
            CacheNotReadyException => of == "scan",
            PutException put => (put.Outcome == PutOutcome.Committed) == put.Result.HasValue,
            _ => false,
        };
        Assert.True(isClear, $"A waiter for '{of}' was answered by: {error}");
    }

    private static Task Blocking(Action wait) =>
        Task.Factory.StartNew(wait, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    private void Add(string of, Task task) => _waiting.Add((of, task));
}
