using System.Diagnostics;
using KafkaCaching.Tests.Brokers;
using KafkaCaching.Tests.Diagnostics;
using KafkaCaching.Tests.Replay;

namespace KafkaCaching.Tests.Generations;

/// <summary>With a resolver that is slower than the brokers, all partitions must make progress.</summary>
public sealed class SlowResolverTests(RealBrokerFixture broker)
{
    private const int Partitions = 12;
    private const int RecordsOfEach = 10_000;

    private static readonly TimeSpan TimeOfEach = TimeSpan.FromMicroseconds(100);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task It_is_neither_stale_nor_without_a_consumer_for_a_moment(bool inTail)
    {
        var kafka = await broker.ConnectAsync();
        var topic = await kafka.CreateTopicAsync(Partitions);
        if (!inTail)
            await WriteAsync(kafka, topic);
        using var loggers = new ListLoggerFactory();
        await using var cache = KafkaCache.Create(Options(kafka, topic), loggers);
        if (inTail)
        {
            await cache.WaitUntilReadyAsync(TestContext.Current.CancellationToken);
            await WriteAsync(kafka, topic);
        }

        var longest = await LongestPauseAsync(cache);

        Assert.Equal(Partitions * RecordsOfEach, cache.Count);
        Assert.Equal(0, cache.Status.ConsumerRecreations);
        Assert.DoesNotContain(loggers.Logger.Lines, static line => line.Id is 102 or 208 or 240 or 241);
        TestContext.Current.SendDiagnosticMessage($"Slow resolver: positions stood for {longest.TotalMilliseconds:0} ms at most");
    }

    private static KafkaCacheOptions<string, string> Options(TestKafka kafka, string topic) =>
        TestCaches.Options<string, string>(kafka.BootstrapServers, topic, static options =>
    {
        options.StaleAfter = TimeSpan.FromSeconds(4);
        options.ReadyTimeout = TimeSpan.FromMinutes(2);
        options.Resolver = static (in CacheRecord record, ICacheUpdates<string, string> updates) =>
        {
            var begun = Stopwatch.GetTimestamp();
            updates.Set(record.ReadKey<string>(), record.ReadValue<string>());
            while (Stopwatch.GetElapsedTime(begun) < TimeOfEach)
                Thread.SpinWait(20); // Simulates the work of a resolver.
        };
    });

    private static async Task<TimeSpan> LongestPauseAsync(KafkaCache<string, string> cache)
    {
        var (applied, moved, longest) = (0L, Stopwatch.GetTimestamp(), TimeSpan.Zero);
        await Eventually.TrueAsync(
            () =>
            {
                var now = cache.Status.RecordsApplied;
                var since = Stopwatch.GetElapsedTime(moved);
                longest = applied > 0 && since > longest ? since : longest;
                if (now != applied)
                    (applied, moved) = (now, Stopwatch.GetTimestamp());
                return now == Partitions * RecordsOfEach;
            },
            TimeSpan.FromMinutes(2));
        return longest;
    }

    // The partitions are written one after the other, because the producer's queue is limited.
    private static async Task WriteAsync(TestKafka kafka, string topic)
    {
        for (var partition = 0; partition < Partitions; partition++)
        {
            await kafka.ProduceAsync(
                topic,
                Enumerable.Range(0, RecordsOfEach)
                    .Select(i => TestRecord.Of($"{partition}-{i}", new string('x', 100)) with { Partition = partition }));
        }
    }
}
