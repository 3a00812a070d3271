using KafkaCaching.Jobs;
using KafkaCaching.Jobs.Refreshing;
using KafkaCaching.Jobs.Snapshots;
using KafkaCaching.Jobs.Tables;
using KafkaCaching.Tests.Brokers;
using KafkaCaching.Tests.Diagnostics;
using KafkaCaching.Tests.Replay;

namespace KafkaCaching.Tests.Jobs;

public sealed class SnapshotReaderTests(EmbeddedBrokerFixture embedded)
{
    private const int SnapshotUnread = 545;

    [Fact]
    public async Task A_table_that_has_faulted_is_read_more_and_more_rarely()
    {
        var topic = embedded.CreateTopic();
        await embedded.Kafka.ProduceAsync(topic, "sku-1", "{}");
        await using var table = KafkaCache.Create(TestCaches.Options<string, TableValue>(embedded.BootstrapServers, topic, o =>
        {
            TableOptions.ApplyTo(o);
            o.OnRecordError = RecordErrorPolicy.Fail;
            o.ValidateRecord = static (in CacheRecord _) => false;
        }));
        await Eventually.TrueAsync(() => table.Status.Phase == CachePhase.Faulted);
        var (time, log) = (new FakeTimeProvider(), new ListLogger());
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        var reader = new SnapshotReader<string, Price>(
            table, RowCodec.Of(new RefreshedCacheOptions<string, Price>(), topic), new SnapshotBuilder<string, Price>(orderBy: null, []),
            static (_, _) => true, time, log);
        var begun = time.GetUtcNow();
        var reading = reader.RunAsync(stop.Token);
        await Eventually.TrueAsync(() =>
        {
            if (!log.Lines.Any())
                return false;
            time.Advance(TimeSpan.FromMilliseconds(250));
            return log.Lines.Count(static line => line.Id == SnapshotUnread) >= 7;
        });
        await stop.CancelAsync();
        await reading;

        // The clock goes on while the reader comes to its next pause, so the pauses may be longer.
        Assert.True(time.GetUtcNow() - begun >= TimeSpan.FromSeconds(1 + 2 + 4 + 8 + 16 + 30));
        Assert.NotNull(reader.Problem);
    }
}
