using System.Globalization;

namespace KafkaCaching.Tests.Histories;

/// <summary>Plays many histories. If one fails, reports everything that is needed to play it again.</summary>
internal static class HistoryRuns
{
    private const string CountVariable = "KAFKACACHE_TEST_HISTORIES";

    /// <summary>The number of histories: that of the environment variable, or else the given one.</summary>
    public static int CountOr(int count) =>
        Environment.GetEnvironmentVariable(CountVariable) is { } given ? int.Parse(given, CultureInfo.InvariantCulture) : count;

    /// <param name="count">The number of histories, after <see cref="CountOr"/>.</param>
    /// <param name="threads">The number of histories that are played in parallel.</param>
    /// <param name="method">The name of the test, for the command that repeats it.</param>
    /// <param name="make">Creates a history from its seed.</param>
    /// <param name="play">Plays a history, and returns how often a cache was compared with the log.</param>
    /// <param name="shrinks">Whether to look for a smaller history with the same failure.</param>
    /// <returns>A task that completes when all histories have been played or one has failed.</returns>
    public static async Task PlayAsync(
        int count, int threads, string method, Func<ulong, History> make, Func<History, int> play, bool shrinks = true)
    {
        var first = TestSeed.Next();
        count = CountOr(count);
        var next = -1;
        var looks = 0L;
        HistoryFailedException? failed = null;
        await Task.WhenAll(
            Enumerable.Range(0, threads).Select(
                _ => Task.Factory.StartNew(PlaySome, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default)));
        if (failed is not null)
            Assert.Fail(Describe(shrinks ? Shrink(failed, play) : failed, failed, next + 1, method));
        TestContext.Current.TestOutputHelper?.WriteLine($"{count} histories, {looks} looks at caches, no promise broken.");

        void PlaySome()
        {
            int i;
            while (failed is null && (i = Interlocked.Increment(ref next)) < count)
            {
                try
                {
                    Interlocked.Add(ref looks, play(make(first + (ulong)i)));
                }
                catch (HistoryFailedException failure)
                {
                    Interlocked.CompareExchange(ref failed, failure, null);
                }
            }
        }
    }

    /// <summary>Removes steps as long as the remaining history fails in the same way.</summary>
    private static HistoryFailedException Shrink(HistoryFailedException failed, Func<History, int> play)
    {
        for (var piece = failed.History.Steps.Count; piece >= 1; piece /= 2)
        {
            for (var at = 0; at < failed.History.Steps.Count;)
            {
                var steps = failed.History.Steps;
                HistoryStep[] rest = [.. steps.Take(at), .. steps.Skip(at + piece)];
                try
                {
                    play(failed.History with { Steps = rest });
                    at += piece;
                }
                catch (HistoryFailedException still) when (still.Kind == failed.Kind)
                {
                    failed = still;
                }
                catch (HistoryFailedException)
                {
                    at += piece; // This is a different failure, so the steps are needed.
                }
            }
        }

        return failed;
    }

    private static string Describe(HistoryFailedException smallest, HistoryFailedException failed, int played, string method) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"""
            A history failed, of some {played} played, at step {failed.At} of {failed.History.Steps.Count}. To play it again:
            KAFKACACHE_TEST_SEED={failed.History.Seed} {CountVariable}=1 ./test.sh --soak --filter {method}
            It says: {failed.Message}
            What is left of it when all steps are left out that need not be there (step {smallest.At}: {smallest.Message}):
            {smallest.History}
            {smallest.InnerException}
            """);
}
