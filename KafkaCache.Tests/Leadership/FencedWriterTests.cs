using System.Text;
using Confluent.Kafka;
using KafkaCaching.Tests.Brokers;
using Microsoft.Extensions.Options;

namespace KafkaCaching.Tests.Leadership;

public sealed class FencedWriterTests(RealBrokerFixture real, EmbeddedBrokerFixture embedded)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_later_writer_fences_an_earlier_one_and_nothing_of_that_is_visible()
    {
        var kafka = await real.ConnectAsync();
        var topic = await kafka.CreateTopicAsync();
        await using var earlier = await FenceAsync(kafka.BootstrapServers, topic);
        var written = await earlier.WriteAsync([Record("a", "1"), Record("b", "1")], Stop);
        Assert.True(written.Offset > earlier.Token);

        await using var later = await FenceAsync(kafka.BootstrapServers, topic);
        Assert.True(later.Token > written.Offset);
        await Assert.ThrowsAsync<FencedException>(() => earlier.WriteAsync([Record("a", "2")], Stop));
        Assert.True(earlier.IsFenced);
        Assert.False(earlier.IsUsable);
        await Assert.ThrowsAsync<FencedException>(() => earlier.WriteAsync([Record("a", "3")], Stop));
        await later.WriteAsync([Record("b", "4")], Stop);

        Assert.Equal(["a=1", "b=1", "b=4"], await ValuesAsync(kafka, topic));
    }

    [Fact]
    public async Task A_writer_that_paused_for_longer_than_its_time_out_is_fenced()
    {
        var kafka = await real.ConnectAsync();
        var topic = await kafka.CreateTopicAsync();
        var time = new FakeTimeProvider();
        await using var earlier = await FencedWriter.FenceAsync(
            new FencedWriterOptions
            {
                BootstrapServers = kafka.BootstrapServers, Topic = topic, Id = $"{topic}.writer", TimeProvider = time,
            },
            cancellationToken: Stop);
        await using var later = await FenceAsync(kafka.BootstrapServers, topic);

        // The clock advances by an hour whenever it is read.
        time.AutoAdvanceAmount = TimeSpan.FromHours(1);
        await Assert.ThrowsAsync<FencedException>(() => earlier.WriteAsync([Record("a", "1")], Stop));
        Assert.Empty(await ValuesAsync(kafka, topic));
    }

    [Fact]
    public async Task The_barrier_comes_after_all_that_earlier_writers_committed_and_ends_what_they_had_open()
    {
        var kafka = await real.ConnectAsync();
        var topic = await kafka.CreateTopicAsync();
        await using var cache = KafkaCache.Create(TestOptions.For(kafka.BootstrapServers, topic));
        await cache.WaitUntilReadyAsync(Stop);
        await using var earlier = await FenceAsync(kafka.BootstrapServers, topic);
        await earlier.WriteAsync([Record("a", "1")], Stop);

        // The earlier writer has an open transaction, which waits forever for its second record.
        using var held = new SemaphoreSlim(0);
        using var begun = new SemaphoreSlim(0);
        var open = earlier.WriteAsync(Held(), Stop);
        await begun.WaitAsync(Stop);

        await using var later = await FenceAsync(kafka.BootstrapServers, topic);
        await cache.WaitUntilAppliedAsync(later.Barrier, Stop);
        Assert.Equal("1", cache.Get("a"));
        held.Release();
        await Assert.ThrowsAsync<FencedException>(() => open);
        Assert.Equal(["a=1"], await ValuesAsync(kafka, topic));

        IEnumerable<FencedRecord> Held()
        {
            yield return Record("a", "2");
            begun.Release();
            held.Wait(Stop);
            yield return Record("a", "3");
        }
    }

    [Fact]
    public async Task A_cancelled_write_is_aborted_and_the_writer_continues()
    {
        var kafka = await real.ConnectAsync();
        var topic = await kafka.CreateTopicAsync();
        await using var writer = await FenceAsync(kafka.BootstrapServers, topic);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => writer.WriteAsync(CancelAmid(), stop.Token));
        await writer.WriteAsync([Record("b", "2")], Stop);
        Assert.Equal(["b=2"], await ValuesAsync(kafka, topic));

        IEnumerable<FencedRecord> CancelAmid()
        {
            yield return Record("a", "1");
            stop.Cancel();
            yield return Record("a", "2");
        }
    }

    [Fact]
    public async Task A_writer_whose_client_can_t_be_created_has_fenced_nobody_and_says_why()
    {
        var refused = await Assert.ThrowsAsync<PutException>(() => FencedWriter.FenceAsync(
            new FencedWriterOptions
            {
                BootstrapServers = "127.0.0.1:1", Topic = "prices", Id = "prices.writer",
                Client = new ClientConfig { SecurityProtocol = SecurityProtocol.Ssl, SslCaLocation = "/no/such/ca.pem" },
            },
            cancellationToken: Stop));
        Assert.Equal(PutOutcome.NotCommitted, refused.Outcome);
        Assert.Contains("ssl.ca.location", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_record_over_the_limit_takes_the_whole_transaction_back()
    {
        var kafka = await real.ConnectAsync();
        var topic = await kafka.CreateTopicAsync();
        await using var writer = await FenceAsync(kafka.BootstrapServers, topic);
        var failure = await Assert.ThrowsAsync<PutException>(
            () => writer.WriteAsync([Record("a", "1"), Record("b", new string('x', 2_000_000))], Stop));
        Assert.Equal((PutOutcome.NotCommitted, PutRefusal.Size), (failure.Outcome, failure.Refusal));
        await writer.WriteAsync([Record("c", "2")], Stop);
        Assert.Equal(["c=2"], await ValuesAsync(kafka, topic));
    }

    [Fact]
    public async Task It_writes_to_the_embedded_broker_too()
    {
        var topic = embedded.CreateTopic();
        await using var writer = await FenceAsync(embedded.BootstrapServers, topic);
        var last = await writer.WriteAsync([Record("a", "1"), Record("a", "2")], Stop);
        Assert.True(last.Offset > writer.Token);
        Assert.Equal(writer.Barrier, await writer.WriteAsync([], Stop));
    }

    [Fact]
    public async Task A_writer_that_is_disposed_of_writes_nothing_more()
    {
        var topic = embedded.CreateTopic();
        var writer = await FenceAsync(embedded.BootstrapServers, topic);
        await writer.DisposeAsync();
        await Assert.ThrowsAsync<ObjectDisposedException>(() => writer.WriteAsync([Record("a", "1")], Stop));
    }

    [Fact]
    public async Task All_faults_of_the_options_are_reported_at_once()
    {
        var failure = await Assert.ThrowsAsync<OptionsValidationException>(() => FencedWriter.FenceAsync(
            new FencedWriterOptions { Partition = -1, TransactionTimeout = TimeSpan.Zero }, cancellationToken: Stop));
        Assert.Equal(5, failure.Failures.Count());
    }

    private static Task<FencedWriter> FenceAsync(string servers, string topic) => FencedWriter.FenceAsync(
        new FencedWriterOptions { BootstrapServers = servers, Topic = topic, Id = $"{topic}.writer" }, cancellationToken: Stop);

    private static FencedRecord Record(string key, string? value) =>
        new(Encoding.UTF8.GetBytes(key), value is null ? null : Encoding.UTF8.GetBytes(value));

    private static async Task<string[]> ValuesAsync(TestKafka kafka, string topic) =>
    [
        .. (await kafka.ReadAllAsync(topic))
            .Select(static one => (Key: Encoding.UTF8.GetString(one.Message.Key!), one.Message.Value))
            .Where(static one => one.Key[0] != '\0')
            .Select(static one => $"{one.Key}={Encoding.UTF8.GetString(one.Value!)}"),
    ];
}
