using KafkaCaching.Generations.Supervision;
using KafkaCaching.Tests.Brokers;
using KafkaCaching.Tests.Promises;
using KafkaCaching.Tests.Replay;
using KafkaCaching.Tests.Store;

namespace KafkaCaching.Tests.Snapshots;

/// <summary>A random history of one topic and one cache with snapshots: records, puts, snapshots and restarts at random moments, and on
/// real brokers also transactions and deleted records. After each start, the content of the cache must match the log.</summary>
internal sealed class RestartHistory(TestKafka kafka, string topic, int partitions, int seed, bool isReal) : IDisposable
{
    private const int Steps = 40;
    private const int Keys = 40;

    private readonly Random _random = new(seed);
    private readonly TemporaryDirectory _directory = new();

    public int WarmStarts { get; private set; }

    public int ColdStarts { get; private set; }

    public void Dispose() => _directory.Dispose();

    public async Task PlayAsync()
    {
        var cache = await StartAsync();
        try
        {
            for (var step = 0; step < Steps; step++)
            {
                switch (_random.Next(10))
                {
                    case < 4:
                        await kafka.ProduceAsync(topic, Records());
                        break;
                    case 4:
                        await cache.PutAsync(Key(), $"put {step}", PutWait.Applied, TestContext.Current.CancellationToken);
                        break;
                    case 5:
                        await cache.RemoveAsync(Key(), PutWait.Applied, TestContext.Current.CancellationToken);
                        break;
                    case 6 when isReal:
                        using (var transaction = await kafka.BeginTransactionAsync(topic, Records()))
                            await (_random.Next(2) == 0 ? transaction.CommitAsync() : transaction.AbortAsync());
                        break;
                    case 7 when isReal && _random.Next(2) == 0:
                        await DeleteSomeAsync();
                        break;
                    case 6 or 7:
                        await cache.WriteSnapshotAsync();
                        break;
                    case 8:
                        cache.Parts.Replay.Supervisor.Snapshots!.Request(); // The next step may interrupt it.
                        break;
                    default:
                        await cache.DisposeAsync();
                        cache = await StartAsync();
                        break;
                }
            }
        }
        finally
        {
            await cache.DisposeAsync();
        }

        await using var last = await StartAsync();
    }

    private async Task<KafkaCache<string, string>> StartAsync()
    {
        var cache = await TestCaches.ReadyAsync(kafka.BootstrapServers, topic, options =>
        {
            options.ReadOnly = false;
            options.Snapshot.Directory = _directory.Path;
            options.Snapshot.MaxAge = TimeSpan.FromMinutes(30); // The mock cluster doesn't report delete.retention.ms.
            options.Snapshot.ServeFromFileAbove = _random.Next(2) == 0 ? 0 : long.MaxValue;
        });
        _ = cache.Status.Start!.IsWarm ? WarmStarts++ : ColdStarts++;
        ColdStartReason[] possible = isReal
            ? [ColdStartReason.None, ColdStartReason.NoSnapshot, ColdStartReason.LogChanged]
            : [ColdStartReason.None, ColdStartReason.NoSnapshot];
        Assert.Contains(cache.Status.Start.Reason, possible);
        var atReady = cache.Scan().ToDictionary(static pair => pair.Key, static pair => pair.Value.Offset, StringComparer.Ordinal);
        var log = await WholeLog.ReadAsync(kafka, topic, partitions);
        Assert.Equal(
            WholeLog.Fold(log).ToDictionary(static pair => pair.Key, static pair => pair.Value.Position.Offset, StringComparer.Ordinal),
            atReady);
        await WholeLog.AssertIsFoldAsync(cache, log);
        return cache;
    }

    private async Task DeleteSomeAsync()
    {
        var log = await WholeLog.ReadAsync(kafka, topic, partitions);
        if (log.Count == 0)
            return;
        var position = log[_random.Next(log.Count)].Position;
        await kafka.Admin.DeleteRecordsAsync([new(topic, position.Partition, position.Offset + _random.Next(2))]);
    }

    private List<TestRecord> Records() =>
        [.. Enumerable.Range(0, _random.Next(1, 20)).Select(_ => TestRecord.Of(Key(), _random.Next(4) == 0 ? null : $"{_random.Next()}"))];

    private string Key() => $"k{_random.Next(Keys)}";
}
