using Confluent.Kafka;
using KafkaCaching.Clients;
using KafkaCaching.Puts;
using KafkaCaching.Testing;
using KafkaCaching.Tests.Brokers;
using KafkaCaching.Tests.Diagnostics;
using KafkaCaching.Tests.Puts;

namespace KafkaCaching.Tests.Clients;

/// <summary>Clients that are created while a cache runs, in place of others. What they need, such as a file with a certificate, may be away
/// then.</summary>
public sealed class LaterClientsTests : IDisposable
{
    private readonly string _authority = Path.GetTempFileName();

    public LaterClientsTests() => File.WriteAllText(_authority, TestCertificates.Create().Authority);

    public void Dispose() => File.Delete(_authority);

    [Fact]
    public void A_consumer_that_can_t_be_created_is_a_problem_of_the_clients_and_can_be_created_later()
    {
        var options = TestOptions.For("127.0.0.1:1", "users");
        options.Client = new ClientConfig { SecurityProtocol = SecurityProtocol.Ssl, SslCaLocation = _authority };
        using var clients = TestClients.Of(options);
        var authority = File.ReadAllText(_authority);
        File.Delete(_authority);

        Assert.Null(clients.TryConsumer(partitions: 1, static _ => { }));
        Assert.Contains("ssl.ca.location", clients.LastProblem, StringComparison.Ordinal);

        File.WriteAllText(_authority, authority);
        using var consumer = clients.TryConsumer(partitions: 1, static _ => { });
        Assert.NotNull(consumer);
    }

    [Fact]
    public async Task A_put_for_which_no_producer_can_be_created_was_not_written()
    {
        await using var broker = EmbeddedBroker.Start();
        broker.CreateTopic("users");
        var settings = new ProducerConfig { BootstrapServers = broker.BootstrapServers, EnableIdempotence = true };
        using var producer = SharedProducer.Open(settings, new ClientLogs());
        using var sink = new KafkaSink(producer, "users", new ListLogger());
        var inFlight = new InFlight(TimeSpan.FromMinutes(1), TimeProvider.System);
        using var replaced = new ManualResetEventSlim();
        producer.Listen(_ => replaced.Set());
        broker.PushRequestErrors(KafkaApi.Produce, ErrorCode.OutOfOrderSequenceNumber);
        sink.Send("spoilt"u8.ToArray(), "v"u8.ToArray(), headers: null, new PendingPut(inFlight));
        Assert.True(replaced.Wait(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken));
        settings.Set("acks", "1"); // An idempotent producer refuses that.

        var refused = Assert.Throws<PutException>(() => sink.Send("k"u8.ToArray(), "v"u8.ToArray(), null, new PendingPut(inFlight)));

        Assert.Equal(PutOutcome.NotCommitted, refused.Outcome);
        Assert.Contains("acks", refused.Message, StringComparison.Ordinal);
        inFlight.Dispose();
    }
}
