using System.Globalization;
using KafkaCaching.Hybrid;
using Microsoft.Extensions.Caching.Hybrid;
using Microsoft.Extensions.DependencyInjection;

namespace KafkaCaching.Tests.Hybrid.Fire;

/// <summary>Five pods of a hybrid cache in one process, which read and invalidate at random.</summary>
internal sealed class FirePods : IAsyncDisposable
{
    public const int Pods = 5;
    public const int Keys = 200;

    private const int WorkersOfPod = 4;
    private const int InvalidationsInTen = 1;

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private readonly SharedSource _source;
    private readonly int _first;
    private readonly ServiceProvider[] _services;
    private readonly KafkaHybridCache[] _pods;
    private long _left;

    /// <param name="servers">The brokers.</param>
    /// <param name="topic">The existing topic.</param>
    /// <param name="source">The source behind the caches.</param>
    /// <param name="process">The number of this process, 0 or 1. Its writers have every second key.</param>
    public FirePods(string servers, string topic, SharedSource source, int process)
    {
        (_source, _first) = (source, process);
        _services = [.. Enumerable.Range(0, Pods).Select(_ => Start(servers, topic))];
        _pods = [.. _services.Select(static services => services.GetRequiredService<KafkaHybridCache>())];
    }

    public Task ReadyAsync(CancellationToken stop) => Task.WhenAll(_pods.Select(pod => pod.Cache.WaitUntilReadyAsync(stop)));

    /// <param name="operations">The number of operations of all pods together.</param>
    /// <param name="seed">The seed of the random choices.</param>
    /// <param name="pace">How long each worker pauses between two operations, so that the operations extend over the faults of the
    /// brokers.</param>
    /// <param name="stop">Cancels the run.</param>
    public async Task<FireCounts> RunAsync(long operations, int seed, TimeSpan pace, CancellationToken stop)
    {
        _left = operations;
        var counts = await Task.WhenAll(
            Enumerable.Range(0, Pods * WorkersOfPod)
                .Select(worker => Task.Run(() => WorkAsync(worker, new Random(seed + worker), pace, stop), stop)));
        return counts.Aggregate(static (one, other) => one + other);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var services in _services)
            await services.DisposeAsync();
    }

    private async Task<FireCounts> WorkAsync(int worker, Random random, TimeSpan pace, CancellationToken stop)
    {
        var counts = default(FireCounts);
        while (Interlocked.Decrement(ref _left) >= 0)
        {
            var pod = _pods[random.Next(Pods)];
            counts += random.Next(10) < InvalidationsInTen
                ? await InvalidateAsync(pod, KeyOf(worker, random), random.Next(3), stop)
                : await ReadAsync(pod, random.Next(Keys), stop);
            if (pace > TimeSpan.Zero)
                await Task.Delay(pace, stop);
        }

        return counts;
    }

    // Each key has one writer: this process has every second key, and each of its workers has a share of these keys.
    private int KeyOf(int worker, Random random)
    {
        const int workers = Pods * WorkersOfPod;
        return (((random.Next(Keys / 2 / workers) * workers) + worker) * 2) + _first;
    }

    private async Task<FireCounts> InvalidateAsync(KafkaHybridCache pod, int key, int way, CancellationToken stop)
    {
        var number = _source.Raise(key);
        var written = WrittenPositions.Gather();
        try
        {
            await (way switch
            {
                0 => pod.RemoveAsync(NameOf(key), stop),
                1 => pod.RemoveByTagAsync(TagOf(key), stop),
                _ => pod.SetAsync(NameOf(key), number, tags: [TagOf(key)], cancellationToken: stop),
            });
        }
        catch (KafkaCacheException)
        {
            return new FireCounts(0, 0, 0, 1, 0);
        }

        _source.NoteAcknowledged(key, number, [.. written.Snapshot().Select(static one => one.Position)]);
        return new FireCounts(0, 0, 1, 0, 0);
    }

    private async Task<FireCounts> ReadAsync(KafkaHybridCache pod, int key, CancellationToken stop)
    {
        var (least, positions) = _source.Acknowledged(key);
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(stop);
        patience.CancelAfter(Patience);
        try
        {
            foreach (var position in positions)
                await pod.Cache.WaitUntilAppliedAsync(position, patience.Token);
        }
        catch (Exception away) when (away is KafkaCacheException || (away is OperationCanceledException && !stop.IsCancellationRequested))
        {
            return new FireCounts(0, 0, 0, 0, 1);
        }

        var read = await pod.GetOrCreateAsync(
            NameOf(key), (_source, key), static (from, _) => ValueTask.FromResult(from._source.Read(from.key)), tags: [TagOf(key)],
            cancellationToken: stop);
        return new FireCounts(1, read < least ? 1 : 0, 0, 0, 0);
    }

    /// <summary>Creates the container of one pod.</summary>
    public static ServiceProvider Start(string servers, string topic, Action<KafkaHybridCacheOptions>? configure = null)
    {
        var services = new ServiceCollection();
        services.AddKafkaHybridCache("web", options =>
        {
            options.BootstrapServers = servers;
            options.Topic = topic;
            options.TimeToLive = TimeSpan.FromMinutes(10);
            options.Store.MemoryBudget = 64L << 20;
            configure?.Invoke(options);
        });
        return services.BuildServiceProvider();
    }

    private static string NameOf(int key) => string.Create(CultureInfo.InvariantCulture, $"key/{key}");

    private static string TagOf(int key) => string.Create(CultureInfo.InvariantCulture, $"tag {key}");
}
