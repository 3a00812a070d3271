using KafkaCaching.Hybrid;
using KafkaCaching.Logs;
using KafkaCaching.Tests.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace KafkaCaching.Tests.Hybrid;

/// <summary>A pod: a container with a hybrid cache.</summary>
internal sealed class HybridPod : IAsyncDisposable
{
    private readonly ServiceProvider _services;

    private HybridPod(ServiceProvider services, ListLoggerFactory log)
    {
        _services = services;
        Log = log;
        Cache = services.GetRequiredService<KafkaHybridCache>();
    }

    public KafkaHybridCache Cache { get; }

    public ListLoggerFactory Log { get; }

    public IServiceProvider Services => _services;

    public static HybridPod Start(
        ITopicLog log, TimeProvider time, Action<KafkaHybridCacheOptions>? configure = null, Action<IServiceCollection>? add = null)
    {
        var logs = new ListLoggerFactory();
        var services = new ServiceCollection();
        services.AddSingleton<ILoggerFactory>(logs);
        services.AddMetrics();
        services.AddSingleton(time);
        services.AddKafkaHybridCache("web", options =>
        {
            options.Log = log;
            options.Topic = "web";
            options.Store.MemoryBudget = 64L << 20;
            configure?.Invoke(options);
        });
        add?.Invoke(services);
        return new HybridPod(services.BuildServiceProvider(), logs);
    }

    public static async Task<HybridPod> ReadyAsync(
        ITopicLog log, TimeProvider time, Action<KafkaHybridCacheOptions>? configure = null, Action<IServiceCollection>? add = null)
    {
        var pod = Start(log, time, configure, add);
        await pod.Cache.Cache.WaitUntilReadyAsync(TestContext.Current.CancellationToken);
        return pod;
    }

    public ValueTask DisposeAsync() => _services.DisposeAsync();
}
