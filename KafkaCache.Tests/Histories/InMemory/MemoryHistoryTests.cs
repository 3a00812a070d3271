namespace KafkaCaching.Tests.Histories.InMemory;

/// <summary>Random histories of a topic and its caches, all in memory. After every step, the caches are compared with a fold of the
/// log.</summary>
public sealed class MemoryHistoryTests
{
    [Fact]
    public Task Caches_hold_the_fold_of_the_log_through_two_hundred_histories() =>
        Play(200, nameof(Caches_hold_the_fold_of_the_log_through_two_hundred_histories));

    [Fact]
    [Trait("Category", "Long")]
    public Task Caches_hold_the_fold_of_the_log_through_a_thousand_histories() =>
        Play(1_000, nameof(Caches_hold_the_fold_of_the_log_through_a_thousand_histories));

    [Fact]
    [Trait("Category", "Soak")]
    public Task Caches_hold_the_fold_of_the_log_through_ten_thousand_histories() =>
        Play(10_000, nameof(Caches_hold_the_fold_of_the_log_through_ten_thousand_histories));

    // There are two histories per processor, because the threads of a history wait for each other most of the time.
    private static Task Play(int count, string method) =>
        HistoryRuns.PlayAsync(count, 2 * Environment.ProcessorCount, method, History.Of, MemoryHistory.Play);
}
