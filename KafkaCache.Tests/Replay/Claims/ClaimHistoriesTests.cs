using System.Globalization;
using KafkaCaching.Store;
using KafkaCaching.Store.Faster;

namespace KafkaCaching.Tests.Replay.Claims;

/// <summary>A resolver's entries depend only on the remaining records, not on the order in which the partitions are fetched or on what the
/// cleaner has removed.</summary>
public sealed class ClaimHistoriesTests
{
    private const int ReadersOfEach = 3;
    private const ulong OneInFaster = 40;

    [Fact]
    public Task Warm_and_cold_caches_hold_the_same_through_four_thousand_histories() => PlayAsync(4_000);

    [Fact]
    [Trait("Category", "Soak")]
    public Task Warm_and_cold_caches_hold_the_same_through_two_hundred_thousand_histories() => PlayAsync(200_000);

    private static async Task PlayAsync(int count)
    {
        var first = TestSeed.Next();
        if (Environment.GetEnvironmentVariable("KAFKACACHE_TEST_HISTORIES") is { } given)
            count = int.Parse(given, CultureInfo.InvariantCulture);
        var contested = 0L;
        await Parallel.ForAsync(0, count, TestContext.Current.CancellationToken, (i, _) =>
        {
            Interlocked.Add(ref contested, Play(first + (ulong)i));
            return ValueTask.CompletedTask;
        });
        TestContext.Current.TestOutputHelper?.WriteLine($"{count} histories, {contested} keys contested at their ends.");
        Assert.True(contested >= count / 10);
    }

    private static int Play(ulong seed)
    {
        var history = ClaimHistory.Of(seed);
        var random = new Random(seed.GetHashCode() + 1);
        var (atEnd, contested) = ClaimOracle.Of(history.Written, history.Policy);
        for (var reader = 0; reader <= ReadersOfEach; reader++)
        {
            var read = reader == 0 ? history.Written : history.ReadLater(random);
            var faster = seed % OneInFaster == 0 ? new FasterStateStore(new StoreSettings(128 << 10, null, 100, "claims")) : null;
            using var cache = new ClaimCache(history.Policy, faster);
            var look = random.Next(read.Count + 1);
            for (var i = 0; i < read.Count; i++)
            {
                if (i == look)
                    Same(ClaimOracle.Of(read.Take(look), history.Policy), cache, Describe(look));
                cache.Apply(read[i]);
            }

            Same((atEnd, contested), cache, Describe(read.Count));

            string Describe(int records) => string.Create(CultureInfo.InvariantCulture, $"""
                KAFKACACHE_TEST_SEED={seed} KAFKACACHE_TEST_HISTORIES=1: reader {reader} differs after
                {string.Join('\n', read.Take(records))}
                of {history}
                """);
        }

        return contested;
    }

    private static void Same((SortedDictionary<string, ClaimedValue> Entries, int Contested) expected, ClaimCache cache, string history)
    {
        var entries = cache.Entries();
        if (!expected.Entries.SequenceEqual(entries) || expected.Contested != cache.ContestedKeys)
            Assert.Fail(
                $"{history}\nIt holds {Text(entries, cache.ContestedKeys)}; the oracle {Text(expected.Entries, expected.Contested)}.");

        static string Text(SortedDictionary<string, ClaimedValue> entries, long contested) =>
            $"[{string.Join(", ", entries)}], {contested} contested";
    }
}
