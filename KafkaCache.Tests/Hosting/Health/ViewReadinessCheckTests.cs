using KafkaCaching.Hosting.Health;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace KafkaCaching.Tests.Hosting.Health;

public sealed class ViewReadinessCheckTests
{
    [Theory]
    [InlineData(CachePhase.Starting, HealthStatus.Unhealthy)]
    [InlineData(CachePhase.Stale, HealthStatus.Degraded)]
    [InlineData(CachePhase.Rebuilding, HealthStatus.Healthy)]
    [InlineData(CachePhase.Faulted, HealthStatus.Unhealthy)]
    public async Task A_view_has_the_health_of_its_least_healthy_cache_and_names_it(CachePhase phase, HealthStatus health)
    {
        var result = await CheckAsync(phase);
        Assert.Equal(health, result.Status);
        Assert.StartsWith($"The cache 'users': {phase}.", result.Description, StringComparison.Ordinal);
        Assert.Equal(new Dictionary<string, object> { ["cache"] = "users", ["phase"] = $"{phase}" }, result.Data);
        Assert.Equal(phase == CachePhase.Faulted, result.Exception is not null);
    }

    [Fact]
    public async Task A_view_whose_caches_are_all_ready_is_ready() =>
        Assert.Equal("Ready.", (await CheckAsync(CachePhase.Ready)).Description);

    private static Task<HealthCheckResult> CheckAsync(CachePhase users)
    {
        var view = KafkaCacheView.From(new FakeCache("sessions", FakeCache.StatusOf(CachePhase.Ready)))
            .Join(new FakeCache("users", FakeCache.StatusOf(users)), static session => session)
            .Select("views", static (session, user) => $"{session}{user}");
        return new ViewReadinessCheck(view).CheckHealthAsync(new HealthCheckContext(), TestContext.Current.CancellationToken);
    }
}
