using KafkaCaching.Testing;
using KafkaCaching.Tests.Brokers;
using KafkaCaching.Tests.Replay;

namespace KafkaCaching.Tests.Generations;

public sealed class WaitUntilAppliedTests(EmbeddedBrokerFixture embedded)
{
    [Fact]
    public async Task It_works_before_the_topic_even_exists()
    {
        var topic = TestKafka.UniqueTopic("late");
        await using var cache = TestCaches.Start(embedded.BootstrapServers, topic);
        var applied = cache.WaitUntilAppliedAsync(new CachePosition(1, 0), TestContext.Current.CancellationToken);
        await Eventually.TrueAsync(() => cache.Status.Reason is not null);
        Assert.Contains($"'{topic}' does not exist", cache.Status.Reason, StringComparison.Ordinal);
        Assert.False(applied.IsCompleted);

        embedded.Broker.CreateTopic(topic, partitions: 2);
        await embedded.Kafka.ProduceAsync(topic, TestRecord.Of("a", "1") with { Partition = 1 });
        await applied;
        await cache.WaitUntilReadyAsync(TestContext.Current.CancellationToken);
        Assert.Equal("1", cache.Get("a"));
        Assert.Null(cache.Status.Reason);
    }

    [Fact]
    public async Task A_position_out_of_range_is_refused()
    {
        await using var cache = await TestCaches.ReadyAsync(embedded.BootstrapServers, embedded.CreateTopic(partitions: 2));
        foreach (var position in new CachePosition[] { new(-1, 0), new(0, -1) })
        {
            var error = await Assert.ThrowsAsync<ArgumentOutOfRangeException>(
                () => cache.WaitUntilAppliedAsync(position, TestContext.Current.CancellationToken));
            Assert.Equal("position", error.ParamName);
        }
    }

    [Fact]
    public async Task A_time_out_states_the_position_of_the_cache()
    {
        var topic = embedded.CreateTopic();
        await embedded.Kafka.ProduceAsync(topic, "a", "1");
        await using var cache = await TestCaches.ReadyAsync(
            embedded.BootstrapServers, topic, static o => o.ApplyTimeout = TimeSpan.FromMilliseconds(100));
        var late = await Assert.ThrowsAsync<TimeoutException>(
            () => cache.WaitUntilAppliedAsync(new CachePosition(0, 5), TestContext.Current.CancellationToken));
        Assert.Contains("0:5", late.Message, StringComparison.Ordinal);
        Assert.Contains("the cache is at 1", late.Message, StringComparison.Ordinal);
        Assert.Contains("ApplyTimeout", late.Message, StringComparison.Ordinal);
    }

    // The partition may just have been added to the topic, so the wait does not fail at once.
    [Theory]
    [InlineData(2)]
    [InlineData(int.MaxValue)]
    public async Task A_time_out_at_a_partition_that_is_not_there_says_which_are(int partition)
    {
        await using var cache = await TestCaches.ReadyAsync(
            embedded.BootstrapServers, embedded.CreateTopic(partitions: 2), static o => o.ApplyTimeout = TimeSpan.FromMilliseconds(100));
        var late = await Assert.ThrowsAsync<TimeoutException>(
            () => cache.WaitUntilAppliedAsync(new CachePosition(partition, 0), TestContext.Current.CancellationToken));
        Assert.Contains("partitions 0 to 1", late.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_time_out_before_the_topic_is_known_says_so_whatever_the_partition()
    {
        await using var cache = TestCaches.Start(
            embedded.BootstrapServers, TestKafka.UniqueTopic("missing"), static o => o.ApplyTimeout = TimeSpan.FromMilliseconds(100));
        var late = await Assert.ThrowsAsync<TimeoutException>(
            () => cache.WaitUntilAppliedAsync(new CachePosition(9, 5), TestContext.Current.CancellationToken));
        Assert.Contains("not known", late.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_cancellation_ends_the_wait_and_not_the_cache()
    {
        var topic = embedded.CreateTopic();
        await using var cache = await TestCaches.ReadyAsync(embedded.BootstrapServers, topic);
        using var cancellation = new CancellationTokenSource();
        var wait = cache.WaitUntilAppliedAsync(new CachePosition(0, 0), cancellation.Token);
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => wait);

        await embedded.Kafka.ProduceAsync(topic, "a", "1");
        await cache.WaitUntilAppliedAsync(new CachePosition(0, 0), TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task Dispose_releases_everyone_who_waits()
    {
        using var broker = EmbeddedBroker.Start();
        broker.CreateTopic("t");
        var ready = await TestCaches.ReadyAsync(broker.BootstrapServers, "t");
        var unknown = TestCaches.Start(broker.BootstrapServers, "missing");
        var waits = new[]
        {
            ready.WaitUntilAppliedAsync(new CachePosition(0, 3), TestContext.Current.CancellationToken),
            unknown.WaitUntilAppliedAsync(new CachePosition(0, 3), TestContext.Current.CancellationToken),
            unknown.WaitUntilReadyAsync(TestContext.Current.CancellationToken),
            Task.Run(() => unknown.WaitUntilReady(), TestContext.Current.CancellationToken),
        };
        await ready.DisposeAsync();
        await unknown.DisposeAsync();
        foreach (var wait in waits)
            await Assert.ThrowsAsync<ObjectDisposedException>(
                () => wait.WaitAsync(TimeSpan.FromSeconds(5), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_second_instance_reads_what_the_position_of_a_record_promises()
    {
        var topic = embedded.CreateTopic(partitions: 3);
        await using var cache = await TestCaches.ReadyAsync(embedded.BootstrapServers, topic);
        for (var i = 0; i < 100; i++)
        {
            var written = (await embedded.Kafka.ProduceAsync(topic, $"k{i % 7}", $"{i}"))[0];
            await cache.WaitUntilAppliedAsync(new CachePosition(written.Partition, written.Offset), TestContext.Current.CancellationToken);
            Assert.Equal($"{i}", cache.Get($"k{i % 7}"));
        }
    }
}
