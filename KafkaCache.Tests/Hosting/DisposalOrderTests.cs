using KafkaCaching.Tests.Brokers;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace KafkaCaching.Tests.Hosting;

/// <summary>A container disposes of objects in the reverse order of their creation. A cache must be disposed of after the services that use
/// it, even if it is later resolved by another name.</summary>
public sealed class DisposalOrderTests(EmbeddedBrokerFixture embedded)
{
    public static TheoryData<string, Func<IServiceProvider, object>> AskedForLater => new()
    {
        { "handles, as the status page does", static services => services.GetServices<IKafkaCache>().Single() },
        { "writable", static services => services.GetRequiredService<IKafkaCache<string, string>>() },
        { "by name", static services => services.GetRequiredKeyedService<IReadOnlyKafkaCache<string, string>>("users") },
        { "writable by name", static services => services.GetRequiredKeyedService<IKafkaCache<string, string>>("users") },
    };

    [Theory]
    [MemberData(nameof(AskedForLater))]
    public async Task A_service_may_use_its_cache_to_its_own_end(string way, Func<IServiceProvider, object> askLater)
    {
        Assert.NotEmpty(way);
        var builder = TestHosts.Builder();
        builder.Services.AddKafkaCache(
            "users", TestHosts.Small(embedded.BootstrapServers, embedded.CreateTopic(), static o => o.ReadOnly = false));
        builder.Services.AddSingleton<UsesItsCacheToTheEnd>();
        var host = builder.Build();
        await host.StartAsync(TestContext.Current.CancellationToken);
        var service = host.Services.GetRequiredService<UsesItsCacheToTheEnd>();
        _ = askLater(host.Services);

        await host.StopAsync(TestContext.Current.CancellationToken);
        await ((IAsyncDisposable)host).DisposeAsync();

        Assert.NotEqual(CachePhase.Stopped, service.PhaseAtItsEnd);
        Assert.Equal(CachePhase.Stopped, service.Phase);
    }

    private sealed class UsesItsCacheToTheEnd(IReadOnlyKafkaCache<string, string> users) : IDisposable
    {
        public CachePhase? PhaseAtItsEnd { get; private set; }

        public CachePhase Phase => users.Status.Phase;

        public void Dispose() => PhaseAtItsEnd = users.Status.Phase;
    }
}
