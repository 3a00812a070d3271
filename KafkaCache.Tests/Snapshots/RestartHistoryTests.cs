using KafkaCaching.Tests.Brokers;

namespace KafkaCaching.Tests.Snapshots;

/// <summary>Random histories with restarts. After each restart, the content of the cache must match the log.</summary>
public sealed class RestartHistoryTests(EmbeddedBrokerFixture embedded, RealBrokerFixture real)
{
    [Fact]
    public Task One_history_on_the_mock_cluster() => PlayOnMockAsync(1);

    [Fact]
    [Trait("Category", "Long")]
    public Task Five_histories_on_the_mock_cluster() => PlayOnMockAsync(5);

    [Fact]
    [Trait("Category", "Soak")]
    public Task Two_hundred_histories_on_the_mock_cluster() => PlayOnMockAsync(200);

    [Fact]
    [Trait("Category", "Long")]
    public async Task Ten_histories_on_a_real_Kafka()
    {
        var kafka = await real.ConnectAsync();
        await PlayAsync(10, kafka, partitions => kafka.CreateTopicAsync(partitions, ("cleanup.policy", "compact,delete")), isReal: true);
    }

    private Task PlayOnMockAsync(int count) =>
        PlayAsync(count, embedded.Kafka, partitions => Task.FromResult(embedded.CreateTopic(partitions)), isReal: false);

    private static async Task PlayAsync(int count, TestKafka kafka, Func<int, Task<string>> create, bool isReal)
    {
        var seed = unchecked((int)TestSeed.Next());
        var (warm, cold) = (0, 0);
        for (var i = 0; i < count; i++)
        {
            var partitions = 1 + (i % 3);
            using var history = new RestartHistory(kafka, await create(partitions), partitions, seed + i, isReal);
            await history.PlayAsync();
            (warm, cold) = (warm + history.WarmStarts, cold + history.ColdStarts);
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"{count} histories, {warm} warm starts and {cold} cold ones held against the log");
        Assert.True(warm >= count, $"{warm} warm starts");
    }
}
