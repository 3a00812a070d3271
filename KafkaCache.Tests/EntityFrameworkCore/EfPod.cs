using System.Data.Common;
using KafkaCaching.EntityFrameworkCore;
using KafkaCaching.EntityFrameworkCore.ChangeStreams;
using KafkaCaching.Hybrid;
using KafkaCaching.Logs;
using KafkaCaching.Tests.Brokers;
using KafkaCaching.Tests.Diagnostics;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace KafkaCaching.Tests.EntityFrameworkCore;

/// <summary>A pod: a container with a cache of queries.</summary>
internal sealed class EfPod : IAsyncDisposable
{
    private readonly ServiceProvider _services;
    private readonly ShopDatabase _database;
    private bool _isDisposed;

    private EfPod(ServiceProvider services, ShopDatabase database, ListLoggerFactory log)
    {
        (_services, _database, Log) = (services, database, log);
        Cache = services.GetRequiredService<KafkaEfCache>();
        Relays = [.. services.GetServices<IHostedService>().OfType<ChangeRelay>()];
    }

    public KafkaEfCache Cache { get; }

    public ListLoggerFactory Log { get; }

    public IServiceProvider Services => _services;

    public HybridCacheStatistics Counts => Cache.Hybrid.Statistics;

    public static async Task<EfPod> ReadyAsync(
        ITopicLog log, TimeProvider time, ShopDatabase database, Action<KafkaEfCacheOptions>? configure = null,
        Action<KafkaHybridCacheBuilder>? build = null)
    {
        var logs = new ListLoggerFactory();
        var services = new ServiceCollection();
        services.AddSingleton<ILoggerFactory>(logs);
        services.AddMetrics();
        services.AddSingleton(time);
        var builder = services.AddKafkaEfCache("shop", options =>
        {
            options.Hybrid.Log = log;
            options.Topic = "shop.ef";
            options.Hybrid.Store.MemoryBudget = 64L << 20;
            options.DeclareColumn<User>(static user => user.GroupId);
            configure?.Invoke(options);
        });
        build?.Invoke(builder);
        var pod = new EfPod(services.BuildServiceProvider(), database, logs);
        await pod.Cache.Hybrid.Cache.WaitUntilReadyAsync(TestContext.Current.CancellationToken);
        return pod;
    }

    /// <summary>The relays that were added. The test starts them.</summary>
    public IReadOnlyList<ChangeRelay> Relays { get; }

    /// <summary>A context that uses the cache.</summary>
    public ShopContext Open(
        QueryTrackingBehavior tracking = QueryTrackingBehavior.TrackAll, KafkaEfCacheUse use = KafkaEfCacheUse.ReadAndInvalidate,
        params IInterceptor[] interceptors)
    {
        var builder = new DbContextOptionsBuilder<ShopContext>();
        _database.Use(builder);
        builder.UseQueryTrackingBehavior(tracking).UseKafkaCache(_services, "shop", use).AddInterceptors(interceptors);
        return new ShopContext(builder.Options);
    }

    /// <summary>A context that uses the cache, with a connection that is shared with others.</summary>
    public ShopContext Open(DbConnection connection)
    {
        var builder = new DbContextOptionsBuilder<ShopContext>();
        _ = connection is SqliteConnection ? builder.UseSqlite(connection) : builder.UseNpgsql(connection);
        return new ShopContext(builder.UseKafkaCache(_services, "shop").Options);
    }

    /// <summary>The options of a context of another type for the same database.</summary>
    public DbContextOptions<T> OptionsOf<T>()
        where T : DbContext
    {
        var builder = new DbContextOptionsBuilder<T>();
        _database.Use(builder);
        return builder.UseKafkaCache(_services, "shop").Options;
    }

    /// <summary>Creates a container with a pool of contexts.</summary>
    public ServiceProvider Pooled() => new ServiceCollection()
        .AddDbContextPool<ShopContext>(
            builder =>
            {
                _database.Use(builder);
                builder.UseKafkaCache(_services, "shop");
            },
            poolSize: 1)
        .BuildServiceProvider();

    /// <summary>Runs code with a new context.</summary>
    public async Task<T> WithAsync<T>(Func<ShopContext, Task<T>> run)
    {
        await using var db = Open();
        return await run(db);
    }

    /// <summary>Waits until the marks of this pod's commits are written or have failed.</summary>
    public Task MarkedAsync()
    {
        var flushing = Cache.FlushAsync(TestContext.Current.CancellationToken);
        return Eventually.TrueAsync(() => flushing.IsCompleted || HaveMarksFailed());
    }

    private bool HaveMarksFailed() =>
        Log.Logger.Lines.LastOrDefault(static line => line.Id is 581 or 582).Id == 581;

    /// <summary>Ends the pod by disposing of its container, synchronously or asynchronously.</summary>
    public async Task EndAsync(bool isBlocking)
    {
        _isDisposed = true;
        if (isBlocking)
            _services.Dispose();
        else
            await _services.DisposeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (_isDisposed)
            return;
        _isDisposed = true;
        foreach (var relay in Relays)
            await relay.StopAsync(CancellationToken.None);
        await _services.DisposeAsync();
    }
}
