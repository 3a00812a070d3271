namespace KafkaCaching.Clients;

/// <summary>Classifies librdkafka's configuration properties by the kind of client that accepts them, and resolves their aliases (see
/// CONFIGURATION.md).</summary>
internal static class KafkaProperties
{
    // A consumer with a producer's property, or a producer with a consumer's, logs a warning (CONFWARN) at every start. Therefore, each
    // client receives only the properties for its kind.
    private static readonly HashSet<string> ConsumerOnly = new(StringComparer.Ordinal)
    {
        "auto.commit.interval.ms", "auto.offset.reset", "check.crcs", "consume.callback.max.messages", "coordinator.query.interval.ms",
        "enable.auto.commit", "enable.auto.offset.store", "enable.partition.eof", "fetch.error.backoff.ms", "fetch.max.bytes",
        "max.partition.fetch.bytes", "fetch.min.bytes", "fetch.queue.backoff.ms", "fetch.wait.max.ms", "group.id", "group.instance.id",
        "group.protocol", "group.protocol.type", "group.remote.assignor", "heartbeat.interval.ms", "isolation.level",
        "max.poll.interval.ms",
        "max.poll.records", "offset.store.method", "offset.store.path", "offset.store.sync.interval.ms", "partition.assignment.strategy",
        "queued.max.messages.kbytes", "queued.min.messages", "session.timeout.ms", "share.acknowledgement.mode",
    };

    private static readonly HashSet<string> ProducerOnly = new(StringComparer.Ordinal)
    {
        "acks", "batch.num.messages", "batch.size", "compression.level", "compression.type", "delivery.report.only.error",
        "enable.gapless.guarantee", "enable.idempotence", "linger.ms", "message.timeout.ms", "partitioner", "produce.offset.report",
        "queue.buffering.backpressure.threshold", "queue.buffering.max.kbytes", "queue.buffering.max.messages", "queuing.strategy",
        "request.timeout.ms", "retries", "sticky.partitioning.linger.ms", "transaction.timeout.ms", "transactional.id",
    };

    // Maps each alias to its canonical name. Without this, a default under one name and an override under another would both be set, in no
    // defined order.
    private static readonly Dictionary<string, string> Aliases = new(StringComparer.Ordinal)
    {
        ["metadata.broker.list"] = "bootstrap.servers",
        ["max.in.flight.requests.per.connection"] = "max.in.flight",
        ["sasl.mechanisms"] = "sasl.mechanism",
        ["auto.commit.enable"] = "enable.auto.commit",
        ["fetch.message.max.bytes"] = "max.partition.fetch.bytes",
        ["request.required.acks"] = "acks",
        ["compression.codec"] = "compression.type",
        ["delivery.timeout.ms"] = "message.timeout.ms",
        ["message.send.max.retries"] = "retries",
        ["queue.buffering.max.ms"] = "linger.ms",
    };

    public static string Canonical(string name) => Aliases.GetValueOrDefault(name, name);

    public static bool IsForConsumers(string name) =>
        !ProducerOnly.Contains(name) && !name.StartsWith("dotnet.producer.", StringComparison.Ordinal);

    public static bool IsForProducers(string name) =>
        !ConsumerOnly.Contains(name) && !name.StartsWith("dotnet.consumer.", StringComparison.Ordinal);

    /// <summary>Whether an admin client takes the property. To librdkafka, an admin client is a producer that never produces.</summary>
    public static bool IsForAdmins(string name) => IsForConsumers(name) && IsForProducers(name);
}
