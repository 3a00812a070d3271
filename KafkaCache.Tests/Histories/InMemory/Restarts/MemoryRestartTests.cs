namespace KafkaCaching.Tests.Histories.InMemory.Restarts;

/// <summary>Random histories with restarts, all in memory but for the file of the snapshot. Each file is the fold of the log below its
/// positions. A cache that starts with it holds what a cold one does, and starts with it only if the log still is the file's.</summary>
public sealed class MemoryRestartTests
{
    private const int EnoughToTell = 100;

    [Fact]
    public Task Caches_that_start_again_hold_the_fold_of_the_log_through_a_hundred_histories() =>
        PlayAsync(100, nameof(Caches_that_start_again_hold_the_fold_of_the_log_through_a_hundred_histories));

    [Fact]
    [Trait("Category", "Soak")]
    public Task Caches_that_start_again_hold_the_fold_of_the_log_through_ten_thousand_histories() =>
        PlayAsync(10_000, nameof(Caches_that_start_again_hold_the_fold_of_the_log_through_ten_thousand_histories));

    private static async Task PlayAsync(int count, string method)
    {
        var tally = new StartTally();
        await HistoryRuns.PlayAsync(
            count, 2 * Environment.ProcessorCount, method, MemoryRestarts.HistoryOf, history => MemoryRestarts.Play(history, tally));
        TestContext.Current.TestOutputHelper?.WriteLine($"{tally}");
        if (HistoryRuns.CountOr(count) >= EnoughToTell)
            Assert.True(tally.Warm >= tally.WithFile / 4, $"{tally}");
    }
}
