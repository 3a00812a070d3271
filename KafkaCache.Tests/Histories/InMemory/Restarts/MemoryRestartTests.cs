namespace KafkaCaching.Tests.Histories.InMemory.Restarts;

/// <summary>Random histories with restarts, all in memory except for the snapshot file. Each file must equal the fold of the log below its
/// positions. A cache that starts from the file must have the same content as a cold one, and must use the file only if it belongs to the
/// current log.</summary>
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
