using System.Globalization;
using KafkaCaching.Tests.Brokers;

namespace KafkaCaching.Tests.Puts;

public sealed class PutAppliedTests(EmbeddedBrokerFixture embedded, RealBrokerFixture real)
{
    private const int Puts = 300;
    private const int Partitions = 3;

    [Fact]
    public Task Put_that_waited_is_read_back_at_once_on_the_embedded_broker() =>
        EveryPutIsReadBackAsync(embedded.Kafka, embedded.CreateTopic(Partitions));

    [Fact]
    public async Task Put_that_waited_is_read_back_at_once_on_a_real_broker()
    {
        TestKafka kafka = await real.ConnectAsync();
        await EveryPutIsReadBackAsync(kafka, await kafka.CreateTopicAsync(Partitions));
    }

    [Fact]
    public async Task Timestamp_of_a_put_is_the_current_time_and_that_of_its_entry()
    {
        TestKafka kafka = await real.ConnectAsync();
        var topic = await kafka.CreateTopicAsync();
        await using var cache = KafkaCache.Create(TestOptions.For(kafka.BootstrapServers, topic));
        await cache.WaitUntilReadyAsync(TestContext.Current.CancellationToken);
        DateTimeOffset before = DateTimeOffset.UtcNow;

        PutResult put = await cache.PutAsync("k", "v", PutWait.Applied, TestContext.Current.CancellationToken);

        Assert.InRange(put.Timestamp, before - TimeSpan.FromMilliseconds(1), DateTimeOffset.UtcNow);
        Assert.True(cache.TryGetEntry("k", out CacheEntry<string> entry));
        Assert.Equal(put.Timestamp, entry.Timestamp);
    }

    [Fact]
    public async Task Put_before_the_cache_is_ready_waits_for_its_own_apply()
    {
        var topic = embedded.CreateTopic();
        await embedded.Kafka.ProduceAsync(topic, Enumerable.Range(0, 1000).Select(static i => TestRecord.Of($"k{i}", "v")));
        await using var cache = KafkaCache.Create(TestOptions.For(embedded.BootstrapServers, topic));

        PutResult put = await cache.PutAsync("mine", "v", PutWait.Applied, TestContext.Current.CancellationToken);

        Assert.Equal(1000, put.Offset);
        cache.WaitUntilReady();
        Assert.Equal("v", cache.Get("mine"));
    }

    [Fact]
    public async Task Empty_value_is_a_value_and_empty_key_is_a_key()
    {
        await using var cache = KafkaCache.Create(TestOptions.For(embedded.BootstrapServers, embedded.CreateTopic()));
        cache.WaitUntilReady();

        cache.Put("", "", PutWait.Applied);
        Assert.True(cache.TryGet("", out var value));
        Assert.Equal("", value);
        Assert.Equal(1, cache.Count);

        await cache.RemoveAsync("", PutWait.Applied, TestContext.Current.CancellationToken);
        Assert.False(cache.TryGet("", out _));
        Assert.Equal(0, cache.Count);
    }

    [Fact]
    public async Task Remove_of_an_absent_key_is_a_tombstone_with_a_position_of_its_own()
    {
        var topic = embedded.CreateTopic();
        await using var cache = KafkaCache.Create(TestOptions.For(embedded.BootstrapServers, topic));
        cache.WaitUntilReady();

        PutResult removed = cache.Remove("none", PutWait.Applied);

        Assert.Equal(new CachePosition(0, 0), removed.Position);
        Assert.Null(Assert.Single(await embedded.Kafka.ReadAllAsync(topic)).Message.Value);
    }

    [Fact]
    public async Task Puts_of_many_threads_to_one_key_each_see_their_own_or_a_later_one()
    {
        await using var cache = KafkaCache.Create(TestOptions.For(embedded.BootstrapServers, embedded.CreateTopic()));
        cache.WaitUntilReady();

        await Task.WhenAll(Enumerable.Range(0, 4).Select(writer => Task.Run(() =>
        {
            for (var i = 0; i < 50; i++)
            {
                PutResult put = cache.Put("shared", $"{writer}-{i}", PutWait.Applied);
                Assert.True(cache.TryGetEntry("shared", out CacheEntry<string> entry));
                Assert.True(entry.Offset >= put.Offset, $"read {entry.Offset} after the put at {put.Offset}");
            }
        })));
    }

    private static async Task EveryPutIsReadBackAsync(TestKafka kafka, string topic)
    {
        await using var cache = KafkaCache.Create(TestOptions.For(kafka.BootstrapServers, topic));
        KafkaCacheOptions<string, string> readOnly = TestOptions.For(kafka.BootstrapServers, topic);
        readOnly.ReadOnly = true;
        await using var second = KafkaCache.Create(readOnly);
        await cache.WaitUntilReadyAsync(TestContext.Current.CancellationToken);
        await second.WaitUntilReadyAsync(TestContext.Current.CancellationToken);
        var next = new long[Partitions];

        for (var i = 0; i < Puts; i++)
        {
            // Every key is written twice and some a third time, alternately by synchronous and asynchronous calls, and some are removed.
            var key = $"key-{i % 140}";
            var value = i % 10 == 9 ? null : i.ToString(CultureInfo.InvariantCulture);
            PutResult put = (value, i % 2) switch
            {
                (null, 0) => cache.Remove(key, PutWait.Applied),
                (null, _) => await cache.RemoveAsync(key, PutWait.Applied, TestContext.Current.CancellationToken),
                (_, 0) => cache.Put(key, value, PutWait.Applied),
                _ => await cache.PutAsync(key, value, PutWait.Applied, TestContext.Current.CancellationToken),
            };

            Assert.Equal(next[put.Partition]++, put.Offset);
            Assert.Equal(value is not null, cache.TryGetEntry(key, out CacheEntry<string> entry));
            if (value is not null)
                Assert.Equal((value, put.Position), (entry.Value, entry.Position));

            await second.WaitUntilAppliedAsync(put.Position, TestContext.Current.CancellationToken);
            Assert.Equal(value, second.Get(key));
        }

        for (var partition = 0; partition < Partitions; partition++)
            Assert.Equal(next[partition], await kafka.EndOffsetAsync(topic, partition));
        Assert.Equal(Puts, next.Sum());
        Assert.Equal(cache.Scan().Count(), second.Count);
    }
}
