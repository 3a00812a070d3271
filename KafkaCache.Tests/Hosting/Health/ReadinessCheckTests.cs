using KafkaCaching.Hosting.Health;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace KafkaCaching.Tests.Hosting.Health;

public sealed class ReadinessCheckTests
{
    [Theory]
    [InlineData(CachePhase.Starting, HealthStatus.Unhealthy)]
    [InlineData(CachePhase.Replaying, HealthStatus.Unhealthy)]
    [InlineData(CachePhase.Ready, HealthStatus.Healthy)]
    [InlineData(CachePhase.Stale, HealthStatus.Degraded)]
    [InlineData(CachePhase.Rebuilding, HealthStatus.Healthy)]
    [InlineData(CachePhase.Faulted, HealthStatus.Unhealthy)]
    [InlineData(CachePhase.Stopped, HealthStatus.Unhealthy)]
    public async Task Each_phase_has_its_health_and_is_named(CachePhase phase, HealthStatus health)
    {
        var result = await CheckAsync(new FakeCache(phase));
        Assert.Equal(health, result.Status);
        Assert.StartsWith($"{phase}.", result.Description, StringComparison.Ordinal);
        Assert.Equal($"{phase}", result.Data["phase"]);
    }

    [Fact]
    public void Every_phase_is_tested() => Assert.Equal(7, Enum.GetValues<CachePhase>().Length);

    [Fact]
    public async Task The_reason_is_the_description_and_a_fault_comes_with_its_exception()
    {
        var stale = await CheckAsync(
            new FakeCache(CachePhase.Stale) { Status = FakeCache.StatusOf(CachePhase.Stale) with { Reason = "Nobody answers." } });
        Assert.Equal("Stale. Nobody answers.", stale.Description);
        Assert.Null(stale.Exception);

        var faulted = await CheckAsync(new FakeCache(CachePhase.Faulted));
        Assert.Equal("Faulted. no such disk", faulted.Description);
        Assert.IsType<IOException>(faulted.Exception);
    }

    [Fact]
    public async Task The_data_include_lag_and_staleness()
    {
        var status = FakeCache.StatusOf(CachePhase.Ready) with
        {
            Partitions = [FakeCache.Partition(0, 5, 8, 2.5), FakeCache.Partition(1, 10, 20, 1.25), FakeCache.Partition(2, 7, 7, 0)],
        };
        var result = await CheckAsync(new FakeCache(CachePhase.Ready) { Status = status });
        Assert.Equal(
            new Dictionary<string, object>
            {
                ["topic"] = "users-v1", ["phase"] = "Ready", ["progress"] = 0.25, ["secondsSinceConfirmed"] = 1.5,
                ["lag"] = 13L, ["lagSeconds"] = 2.5, ["worstPartition"] = 1, ["worstPartitionLag"] = 10L,
            },
            result.Data);
    }

    private static Task<HealthCheckResult> CheckAsync(FakeCache cache) =>
        new ReadinessCheck(cache).CheckHealthAsync(new HealthCheckContext(), TestContext.Current.CancellationToken);
}
