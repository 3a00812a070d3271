using KafkaCaching.EntityFrameworkCore;
using KafkaCaching.EntityFrameworkCore.ChangeStreams;
using KafkaCaching.Hybrid;
using KafkaCaching.Tests.Diagnostics;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace KafkaCaching.Tests.EntityFrameworkCore.ChangeStreams;

/// <summary>A pod with a cache on real brokers: a host with a context and, if configured, a relay.</summary>
internal sealed class RelayHost : IAsyncDisposable
{
    private readonly IHost _host;
    private bool _isDisposed;

    private RelayHost(IHost host, ListLoggerFactory log) => (_host, Log) = (host, log);

    public ListLoggerFactory Log { get; }

    public KafkaEfCache Cache => _host.Services.GetRequiredService<KafkaEfCache>();

    public ChangeRelay Relay => _host.Services.GetServices<IHostedService>().OfType<ChangeRelay>().Single();

    public static async Task<RelayHost> StartAsync(
        string servers, string topic, Action<DbContextOptionsBuilder> use, Action<KafkaHybridCacheBuilder>? relay = null,
        Action<KafkaEfCacheOptions>? configure = null)
    {
        var log = new ListLoggerFactory();
        var builder = Host.CreateEmptyApplicationBuilder(settings: null);
        builder.Services.AddSingleton<ILoggerFactory>(log);
        var cache = builder.Services.AddKafkaEfCache("shop", options =>
        {
            options.BootstrapServers = servers;
            options.Topic = topic;
            options.TimeToLive = TimeSpan.FromHours(1);
            options.Hybrid.Store.MemoryBudget = 64L << 20;
            options.DeclareColumn<User>(static user => user.GroupId);
            configure?.Invoke(options);
        });
        builder.Services.AddDbContext<ShopContext>((services, options) =>
        {
            use(options);
            options.UseKafkaCache(services, "shop");
        });
        relay?.Invoke(cache);
        cache.ServeWhenReady();
        var host = new RelayHost(builder.Build(), log);
        await host._host.StartAsync(TestContext.Current.CancellationToken);
        return host;
    }

    /// <summary>Runs code with a new context.</summary>
    public async Task<T> WithAsync<T>(Func<ShopContext, Task<T>> run)
    {
        await using var scope = _host.Services.CreateAsyncScope();
        return await run(scope.ServiceProvider.GetRequiredService<ShopContext>());
    }

    /// <summary>Reads the name of a user by primary key.</summary>
    public Task<string?> NameOfAsync(Guid id) => WithAsync(async db => (await db.Users.FindCachedAsync(id))?.Name);

    public async ValueTask DisposeAsync()
    {
        if (_isDisposed)
            return;
        _isDisposed = true;
        await _host.StopAsync(CancellationToken.None);
        if (_host is IAsyncDisposable disposable)
            await disposable.DisposeAsync();
    }
}
