using KafkaCaching.Hosting.Health;
using KafkaCaching.Tests.Brokers;
using KafkaCaching.Tests.Replay;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace KafkaCaching.Tests.Hosting.Health;

public sealed class LivenessCheckTests(EmbeddedBrokerFixture embedded)
{
    [Theory]
    [InlineData(CachePhase.Starting)]
    [InlineData(CachePhase.Replaying)]
    [InlineData(CachePhase.Ready)]
    [InlineData(CachePhase.Stale)]
    [InlineData(CachePhase.Rebuilding)]
    public async Task A_replay_that_ended_without_a_word_is_a_reason_to_restart(CachePhase phase)
    {
        var result = await CheckAsync(new FakeCache(CachePhase.Ready), Dead(phase));
        Assert.Equal(HealthStatus.Unhealthy, result.Status);
        Assert.Contains("'users'", result.Description, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(CachePhase.Faulted)]
    [InlineData(CachePhase.Stopped)]
    public async Task A_replay_that_said_why_it_ended_is_none(CachePhase phase) =>
        Assert.Equal(HealthStatus.Healthy, (await CheckAsync(Dead(phase))).Status);

    [Fact]
    public async Task No_phase_is_a_reason_while_the_replay_runs() =>
        Assert.All(
            await Task.WhenAll(Enum.GetValues<CachePhase>().Select(static phase => CheckAsync(new FakeCache(phase)))),
            static result => Assert.Equal(HealthStatus.Healthy, result.Status));

    [Fact]
    public async Task A_replay_runs_until_it_faults_or_is_stopped()
    {
        var topic = embedded.CreateTopic();
        var cache = await TestCaches.ReadyAsync(embedded.BootstrapServers, topic, static o => o.Decode = DecodeMode.OnReplay);
        Assert.True(cache.Status.IsReplayRunning);
        await embedded.Kafka.ProduceAsync(topic, TestRecord.Of(null, "no key"));
        await Eventually.TrueAsync(() => !cache.Status.IsReplayRunning);
        Assert.Equal(CachePhase.Faulted, cache.Status.Phase);
        await cache.DisposeAsync();
        Assert.Equal(CachePhase.Stopped, cache.Status.Phase);
    }

    private static FakeCache Dead(CachePhase phase) => new("users", FakeCache.StatusOf(phase) with { IsReplayRunning = false });

    private static Task<HealthCheckResult> CheckAsync(params IKafkaCache[] caches) =>
        new LivenessCheck(caches).CheckHealthAsync(new HealthCheckContext(), TestContext.Current.CancellationToken);
}
