using System.ComponentModel;
using System.Globalization;
using KafkaCaching.Tests.Brokers;
using KafkaCaching.Tests.Replay;

namespace KafkaCaching.Tests.Reads;

public sealed class ReuseInstancesTests(EmbeddedBrokerFixture embedded)
{
    public sealed class Changeable
    {
        public int Size { get; set; }
    }

    [ImmutableObject(true)]
    public sealed record Unchanging(int Size);

    [ImmutableObject(true)]
    public record Unsealed(int Size);

    [Fact]
    public async Task Unset_it_goes_by_what_the_type_says()
    {
        var topic = await TopicAsync();
        Assert.True(await IsSameTwiceAsync<Unchanging>(topic, reuse: null));
        Assert.False(await IsSameTwiceAsync<Changeable>(topic, reuse: null));
        Assert.False(await IsSameTwiceAsync<Unsealed>(topic, reuse: null));
        Assert.True(await IsSameTwiceAsync<string>(topic, reuse: null));
        Assert.False(await IsSameTwiceAsync<byte[]>(topic, reuse: null));
    }

    [Fact]
    public async Task Set_it_goes_by_the_option()
    {
        var topic = await TopicAsync();
        Assert.True(await IsSameTwiceAsync<Changeable>(topic, reuse: true));
        Assert.False(await IsSameTwiceAsync<Unchanging>(topic, reuse: false));
        Assert.False(await IsSameTwiceAsync<string>(topic, reuse: false));
    }

    [Fact]
    public async Task A_new_record_and_a_tombstone_replace_the_instance()
    {
        var topic = await TopicAsync();
        await using var cache = KafkaCache.Create(TestCaches.Options<string, Unchanging>(embedded.BootstrapServers, topic));
        await cache.WaitUntilReadyAsync(TestContext.Current.CancellationToken);
        var first = cache.Get("a");
        await embedded.Kafka.ProduceAsync(topic, "a", """{"size":2}""");
        await cache.WaitUntilAppliedAsync(new CachePosition(0, 1), TestContext.Current.CancellationToken);
        Assert.Equal(new Unchanging(1), first);
        Assert.True(cache.TryGetEntry("a", out var entry));
        Assert.Equal((new Unchanging(2), 1), (entry.Value, entry.Offset));
        await embedded.Kafka.ProduceAsync(topic, "a", null);
        await cache.WaitUntilAppliedAsync(new CachePosition(0, 2), TestContext.Current.CancellationToken);
        Assert.Null(cache.Get("a"));
    }

    [Fact]
    public async Task Soak_an_old_instance_never_comes_after_a_new_one_was_seen()
    {
        const int Keys = 3;
        var topic = embedded.CreateTopic();
        await embedded.Kafka.ProduceAsync(topic, Enumerable.Range(0, Keys).Select(static i => TestRecord.Of($"k{i}", "0")));
        await using var cache = KafkaCache.Create(
            TestCaches.Options<string, string>(embedded.BootstrapServers, topic, static o => o.ReuseInstances = true));
        await cache.WaitUntilReadyAsync(TestContext.Current.CancellationToken);

        var newest = new int[Keys]; // The newest version of each key that any reader has seen.
        using var stop = new CancellationTokenSource();
        var readers = Enumerable.Range(0, 3).Select(number => Task.Factory.StartNew(
            () =>
            {
                for (var i = 0; !stop.IsCancellationRequested; i++)
                {
                    if (number == 0 && i % 16 == 0)
                        SeeAScan();
                    else
                        SeeAGet(i % Keys);
                }
            },
            CancellationToken.None,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default)).ToList();

        for (var version = 1; version <= 20; version++)
        {
            await embedded.Kafka.ProduceAsync(
                topic, Enumerable.Range(0, 300).Select(i => TestRecord.Of($"k{i % Keys}", $"{((version - 1) * 100) + 1 + (i / Keys)}")));
            await cache.WaitUntilAppliedAsync(new CachePosition(0, Keys + (version * 300) - 1), TestContext.Current.CancellationToken);
        }

        await stop.CancelAsync();
        await Task.WhenAll(readers);
        Assert.All(Enumerable.Range(0, Keys), key => Assert.Equal("2000", cache.Get($"k{key}")));

        void SeeAGet(int key)
        {
            var before = Volatile.Read(ref newest[key]);
            See(key, before, cache.Get($"k{key}")!);
        }

        void SeeAScan()
        {
            var before = (int[])newest.Clone();
            foreach (var (key, entry) in cache.Scan())
                See(key[1] - '0', before[key[1] - '0'], entry.Value);
        }

        void See(int key, int before, string text)
        {
            var seen = int.Parse(text, CultureInfo.InvariantCulture);
            Assert.True(seen >= before, $"k{key}: {seen} after {before}");
            for (var known = Volatile.Read(ref newest[key]); known < seen; known = Volatile.Read(ref newest[key]))
                Interlocked.CompareExchange(ref newest[key], seen, known);
        }
    }

    private async Task<string> TopicAsync()
    {
        var topic = embedded.CreateTopic();
        await embedded.Kafka.ProduceAsync(topic, "a", """{"size":1}""");
        return topic;
    }

    private async Task<bool> IsSameTwiceAsync<TValue>(string topic, bool? reuse)
        where TValue : class
    {
        await using var cache = KafkaCache.Create(
            TestCaches.Options<string, TValue>(embedded.BootstrapServers, topic, o => o.ReuseInstances = reuse));
        await cache.WaitUntilReadyAsync(TestContext.Current.CancellationToken);
        var first = cache.Get("a");
        Assert.NotNull(first);
        return ReferenceEquals(first, cache.Get("a"));
    }
}
