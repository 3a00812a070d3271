using KafkaCaching.Hybrid.Records;
using KafkaCaching.Tests.Brokers;
using KafkaCaching.Tests.Snapshots;
using KafkaCaching.Tests.Store;
using Microsoft.Extensions.DependencyInjection;

namespace KafkaCaching.Tests.Hybrid.Openings;

/// <summary>Open tags after a start from a snapshot, whose records the pod has not read from the log.</summary>
public sealed class OpenTagsOverSnapshotsTests(RealBrokerFixture real) : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task A_pod_that_starts_from_a_snapshot_knows_what_is_open()
    {
        var kafka = await real.ConnectAsync();
        var topic = await kafka.CreateTopicAsync(partitions: 3);
        await using (var dead = await StartAsync(kafka.BootstrapServers, topic))
        {
            await Eventually.TrueAsync(() => dead.Cache.BeginFill("a").StoreAsync("v", tags: ["t"]), "a is stored");
            await Eventually.TrueAsync(() => dead.Cache.BeginFill("b").StoreAsync("v", tags: ["u"]), "b is stored");
            await dead.Cache.OpenTagsAsync(["t"], TimeSpan.FromMinutes(10), Token);
            await Eventually.TrueAsync(() => !dead.Cache.TryGet<string>("a", out _));
            await ((KafkaCache<string, StoredRecord>)dead.Cache.Cache).WriteSnapshotAsync();
        }

        await using var pod = await StartAsync(kafka.BootstrapServers, topic);
        Assert.True(pod.Cache.Cache.Status.Start!.IsWarm, pod.Cache.Cache.Status.Start.Problem);
        Assert.False(pod.Cache.TryGet<string>("a", out _));
        await Eventually.TrueAsync(() => pod.Cache.TryGet<string>("b", out _));
        Assert.False(pod.Cache.TryGet<string>("a", out _));
    }

    private async Task<HybridPod> StartAsync(string brokers, string topic)
    {
        var pod = HybridPod.Start(
            null!, TimeProvider.System,
            options => (options.Log, options.BootstrapServers, options.Topic) = (null, brokers, topic),
            services => services.AddKafkaCacheDefaults(defaults => defaults.Snapshot.Directory = _directory.Path));
        await pod.Cache.Cache.WaitUntilReadyAsync(TimeSpan.FromSeconds(60), Token);
        return pod;
    }
}
