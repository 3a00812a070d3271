using System.Diagnostics;
using KafkaCaching.Hybrid;
using KafkaCaching.Testing;
using KafkaCaching.Tests.Brokers;
using Microsoft.Extensions.Caching.Hybrid;
using Microsoft.Extensions.DependencyInjection;

namespace KafkaCaching.Tests.Hybrid.Fire;

/// <summary>A temporary outage of a real Kafka: hits continue, misses are loaded, and only operations that wait for the brokers throw.
/// After the outage, the pods are coherent again without a restart.</summary>
public sealed class KafkaAwayTests
{
    private static readonly string[] Tags = ["all"];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    [Trait("Category", "Long")]
    public Task Pods_serve_for_fifteen_seconds_without_Kafka_and_are_coherent_afterwards() => GoOnAsync(TimeSpan.FromSeconds(15));

    [Fact]
    [Trait("Category", "Soak")]
    public Task Pods_serve_for_a_minute_without_Kafka_and_are_coherent_afterwards() => GoOnAsync(TimeSpan.FromSeconds(60));

    private static async Task GoOnAsync(TimeSpan away)
    {
        var release = RealBrokerFixture.RequireRelease();
        await using var node = await RealKafka.StartAsync(new RealKafkaOptions { Release = release }, Token);
        using var kafka = new TestKafka(node.BootstrapServers);
        var topic = await kafka.CreateTopicAsync(
            2, ("cleanup.policy", "compact,delete"), ("message.timestamp.type", "LogAppendTime"), ("min.compaction.lag.ms", "3600000"));
        await using var one = Start(node.BootstrapServers, topic);
        await using var two = Start(node.BootstrapServers, topic);
        var (first, second) = (one.GetRequiredService<KafkaHybridCache>(), two.GetRequiredService<KafkaHybridCache>());
        await first.Cache.WaitUntilReadyAsync(Token);
        await second.Cache.WaitUntilReadyAsync(Token);
        await first.SetAsync("hit", 1, tags: Tags, cancellationToken: Token);
        await Eventually.TrueAsync(() => second.TryGet<int>("hit", out _));

        await node.KillAsync(1, Token);
        var start = Stopwatch.GetTimestamp();
        var invalidation = Assert.ThrowsAnyAsync<KafkaCacheException>(() => first.RemoveByTagAsync("all", Token).AsTask());
        var reads = 0;
        while (Stopwatch.GetElapsedTime(start) < away || !invalidation.IsCompleted || first.Cache.Status.Phase == CachePhase.Ready)
        {
            Assert.True(second.TryGet<int>("hit", out var hit));
            Assert.Equal(1, hit);
            var miss = await second.GetOrCreateAsync(
                $"miss/{++reads}", reads, static (number, _) => ValueTask.FromResult(number), cancellationToken: Token);
            Assert.Equal(reads, miss);
            await Task.Delay(50, Token); // Spreads the reads over the outage.
        }

        await invalidation;
        Assert.Equal(CachePhase.Stale, first.Cache.Status.Phase);
        await node.StartNodeAsync(1, Token);
        await Eventually.TrueAsync(
            () => first.Cache.Status.Phase == CachePhase.Ready && second.Cache.Status.Phase == CachePhase.Ready,
            TimeSpan.FromSeconds(60), "both are ready again");

        await first.SetAsync("after", 2, tags: Tags, cancellationToken: Token);
        await Eventually.TrueAsync(() => second.TryGet<int>("after", out _));
        await first.RemoveByTagAsync("all", Token);
        await Eventually.TrueAsync(() => !second.TryGet<int>("after", out _) && !second.TryGet<int>("hit", out _));
        TestContext.Current.TestOutputHelper?.WriteLine($"{reads} hits and as many misses while Kafka was away.");
    }

    private static ServiceProvider Start(string servers, string topic) =>
        FirePods.Start(servers, topic, static options => options.PutTimeout = TimeSpan.FromSeconds(5));
}
