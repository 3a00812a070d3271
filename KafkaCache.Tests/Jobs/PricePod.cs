using KafkaCaching.Jobs;
using KafkaCaching.Tests.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace KafkaCaching.Tests.Jobs;

/// <summary>A pod: a host with a refreshed cache.</summary>
internal sealed class PricePod : IAsyncDisposable
{
    private readonly IHost _host;

    private PricePod(IHost host, ListLoggerFactory log)
    {
        (_host, Log) = (host, log);
        Prices = host.Services.GetRequiredService<IRefreshedCache<string, Price>>();
    }

    public IRefreshedCache<string, Price> Prices { get; }

    public ListLoggerFactory Log { get; }

    public IServiceProvider Services => _host.Services;

    public static async Task<PricePod> StartAsync(
        string servers, string topic, PriceSource source, Action<RefreshedCacheOptions<string, Price>>? configure = null, bool waits = true,
        TimeProvider? time = null)
    {
        var pod = Build(servers, topic, source, configure, waits, time);
        try
        {
            await pod._host.StartAsync(TestContext.Current.CancellationToken);
            return pod;
        }
        catch
        {
            await pod.DisposeAsync();
            throw;
        }
    }

    public static PricePod Build(
        string servers, string topic, PriceSource source, Action<RefreshedCacheOptions<string, Price>>? configure = null,
        bool waits = false, TimeProvider? time = null)
    {
        var logs = new ListLoggerFactory();
        var builder = Host.CreateEmptyApplicationBuilder(settings: null);
        builder.Services.AddSingleton<ILoggerFactory>(logs);
        builder.Services.AddSingleton(time ?? TimeProvider.System);
        builder.Services.AddMetrics();
        var cache = builder.Services.AddRefreshedCache<string, Price>("prices", options =>
        {
            options.BootstrapServers = servers;
            options.Topic = topic;
            options.ElectionTopic = $"{topic}-election";
            options.Every = TimeSpan.FromHours(1);
            options.Key = static price => price.Sku;
            options.OrderBy = static price => price.Name;
            options.Group("shop", static price => price.ShopId);
            options.Fetch = source.FetchAsync;
            options.Retries = 0;
            options.ReadyTimeout = TimeSpan.FromSeconds(60);
            options.RefreshTimeout = TimeSpan.FromSeconds(60);
            options.Store.MemoryBudget = 64L << 20;
            configure?.Invoke(options);
        });
        if (waits)
            cache.ServeWhenReady();
        builder.Services.AddHealthChecks().AddRefreshedCaches();
        return new PricePod(builder.Build(), logs);
    }

    public Task StopAsync() => _host.StopAsync(TestContext.Current.CancellationToken);

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync(CancellationToken.None);
        if (_host is IAsyncDisposable host)
            await host.DisposeAsync();
    }
}
