using System.Globalization;
using Confluent.Kafka;

namespace KafkaCaching.Clients;

/// <summary>The configuration of every Kafka client that a cache creates. It consists of layers, each of which overrides the ones before
/// it: the library's defaults, the option <c>Client</c>, the option <c>Consumer</c> or <c>Producer</c>, and the properties that the library
/// owns. The options are copied, so later changes to them have no effect.</summary>
internal sealed class ClientConfigs
{
    // The limit on the bytes in the client's queue, and also on the bytes being fetched. The partitions share it. When measured with the
    // broker on the same machine, a replay was no faster with 16 MiB.
    private const int FetchBudget = 4 << 20;
    private const int MinFetchBytes = 64 << 10;
    private const int MaxFetchBytes = 1 << 20;
    private const int RequestTimeoutMs = 10_000;

    // librdkafka's default for receive.message.max.bytes, and the space that a response needs in addition to a single record.
    private const int MaxAnswerBytes = 100_000_000;
    private const int AnswerOverhead = 1 << 20;
    private const int ADayInMs = 86_400_000;
    private const int HeartbeatMs = 500;

    // The election thread polls every 50 ms, so it exceeds this limit only if the whole process is paused.
    private const int ElectionPollMs = 30_000;

    // The limit on one response, for all its partitions together. Positions advance only with complete responses, which matters on a slow
    // link.
    private const int FetchAnswer = 1 << 20;

    // librdkafka's default for message.max.bytes.
    private const int UsualRecord = 1_000_000;

    // The slowest link on which a put is limited by its own time-out rather than by that of a request.
    private const int SlowLinkBytesPerMs = 100;

    private readonly KeyValuePair<string, string>[] _client;
    private readonly KeyValuePair<string, string>[] _consumer;
    private readonly KeyValuePair<string, string>[] _producer;
    private readonly string? _bootstrapServers;
    private readonly TimeSpan _putTimeout;
    private readonly long _maxEntryBytes;
    private readonly TimeSpan _staleAfter;

    public ClientConfigs(
        string? bootstrapServers, TimeSpan putTimeout, TimeSpan staleAfter, long maxEntryBytes, ClientConfig? client,
        ConsumerConfig? consumer, ProducerConfig? producer)
    {
        _bootstrapServers = bootstrapServers;
        _putTimeout = putTimeout;
        _staleAfter = staleAfter;
        _maxEntryBytes = maxEntryBytes;
        _client = [.. client ?? []];
        _consumer = [.. consumer ?? []];
        _producer = [.. producer ?? []];
    }

    /// <summary>Creates a configuration for an admin client alone. It is the same as that of a cache with these settings.</summary>
    public static ClientConfigs OfAdmin(string? bootstrapServers, ClientConfig? client) =>
        new(bootstrapServers, putTimeout: default, staleAfter: default, maxEntryBytes: 0, client, consumer: null, producer: null);

    /// <summary>The admin client's <c>bootstrap.servers</c>, for use in messages.</summary>
    public string BootstrapServers => Admin().BootstrapServers;

    /// <summary>Whether the option <c>Producer</c> sets anything.</summary>
    public bool HasProducerSettings => _producer.Length > 0;

    /// <param name="partitions">How many partitions the consumer reads. The sizes of the fetches depend on it.</param>
    public ConsumerConfig Consumer(int partitions)
    {
        var config = new ConsumerConfig(Layers(KafkaProperties.IsForConsumers, _consumer,
        [
            // The client requires a group ID, and ACL errors name it. But the consumer never joins the group: its partitions are assigned
            // manually, and it never commits offsets.
            new("group.id", "kafkacache"),
            new("enable.auto.offset.store", "false"),
            new("max.poll.interval.ms", Number(ADayInMs)),
            new("check.crcs", "true"),

            // How long the broker delays its response to a fetch while there are no new records. A new record ends the delay at once. Each
            // fetch takes both sides about 0.1 ms of processor time, which is noticeable with a hundred idle caches. With a second or more,
            // librdkafka would allow more time for the response, so a frozen broker would be detected later.
            new("fetch.wait.max.ms", "900"),

            // When the queue is full, the next fetch is delayed by this time. With the default of 1,000 ms, a fast replay stalls for
            // seconds.
            new("fetch.queue.backoff.ms", "5"),
            new("fetch.error.backoff.ms", "100"),
            // This time-out runs until the last byte of a response has arrived, so it is set to the client's maximum. A silent broker is
            // detected by Replay/Sources/Connections.cs instead.
            new("socket.timeout.ms", "300000"),
            new("fetch.max.bytes", Number(Math.Max(FetchAnswer, LargestRecord(_consumer)))),
            new("max.partition.fetch.bytes", Number(Math.Clamp(FetchBudget / Math.Max(partitions, 1), MinFetchBytes, MaxFetchBytes))),
            new("queued.max.messages.kbytes", Number(FetchBudget >> 10)),

            // A broker returns a record even if it is larger than the fetch limits, and the client would reject a response over this limit
            // again and again.
            new("receive.message.max.bytes", Number((int)Math.Max(MaxAnswerBytes, _maxEntryBytes + AnswerOverhead))),
        ]))
        {
            AutoOffsetReset = AutoOffsetReset.Error,
            EnablePartitionEof = true,
            EnableAutoCommit = false,
            IsolationLevel = IsolationLevel.ReadCommitted,

            StatisticsIntervalMs = StatisticsInterval(partitions),
        };
        return config;
    }

    // The interval is short enough to show, long before the cache would count as stale, that a broker is still sending. It is no shorter,
    // because the reports of a hundred idle caches take noticeable processor time. The reports grow with the number of partitions (a
    // megabyte for a thousand partitions), and they pile up in the client while a resolver does not return.
    private int StatisticsInterval(int partitions) =>
        Math.Max(Math.Min(5 * partitions, 5_000), (int)Math.Clamp(_staleAfter.TotalMilliseconds / 6, 1_000, 4_000));

    public ProducerConfig Producer() => new(Layers(KafkaProperties.IsForProducers, _producer,
    [
        new("linger.ms", "0"),
        new("partitioner", "murmur2_random"),

        // Up to five batches may be in flight at once, and each has the time-out of a request.
        new("batch.size", Number(256 << 10)),
        new("socket.timeout.ms", Number(Math.Min(RequestTimeoutMs + (LargestRecord(_producer) / SlowLinkBytesPerMs), 300_000))),
    ]))
    {
        Acks = Acks.All,
        EnableIdempotence = true,
        MessageTimeoutMs = (int)_putTimeout.TotalMilliseconds,
        EnableDeliveryReports = true,
        DeliveryReportFields = "timestamp,status",
    };

    /// <param name="leadership">The options of the leadership.</param>
    public ConsumerConfig Election(LeadershipOptions leadership)
    {
        var config = new ConsumerConfig(Layers(KafkaProperties.IsForConsumers, [], [new("fetch.wait.max.ms", "5000")]))
        {
            GroupId = leadership.Group,
            GroupProtocol = GroupProtocol.Classic,
            PartitionAssignmentStrategy = PartitionAssignmentStrategy.CooperativeSticky,
            SessionTimeoutMs = (int)leadership.SessionTimeout.TotalMilliseconds,

            // A member is informed of an election in the response to its next heartbeat, so an orderly change of leader takes about this
            // interval.
            HeartbeatIntervalMs = HeartbeatMs,
            MaxPollIntervalMs = (int)Math.Max(leadership.SessionTimeout.TotalMilliseconds, ElectionPollMs),
            EnableAutoCommit = false,
            EnableAutoOffsetStore = false,
            AutoOffsetReset = AutoOffsetReset.Latest,
        };
        config.ClientId = ElectionClientId.Of(leadership.Name!, config.ClientId);
        return config;
    }

    /// <param name="writer">The options of the writer.</param>
    public ProducerConfig Fenced(FencedWriterOptions writer) => new(Layers(KafkaProperties.IsForProducers, [],
    [
        new("linger.ms", "5"),
        new("batch.size", Number(256 << 10)),
        new("compression.type", "lz4"),
    ]))
    {
        TransactionalId = writer.Id,
        TransactionTimeoutMs = (int)writer.TransactionTimeout.TotalMilliseconds,
        MessageTimeoutMs = (int)writer.TransactionTimeout.TotalMilliseconds,
        EnableIdempotence = true,
        Acks = Acks.All,
        EnableDeliveryReports = true,
        DeliveryReportFields = "timestamp,status",
    };

    public AdminClientConfig Admin() => new(Layers(KafkaProperties.IsForAdmins, [], []));

    private Dictionary<string, string> Layers(
        Func<string, bool> isForIt, KeyValuePair<string, string>[] overrides, KeyValuePair<string, string>[] defaults)
    {
        var layers = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["client.id"] = ClientId.Default,

            // Without this, a topic whose name is misspelled would be created, without compaction.
            ["allow.auto.create.topics"] = "false",
            ["log.thread.name"] = "false",

            // A frozen leader does not close its connections. A client discovers the new leader only with its next metadata request. If
            // that request is sent to the frozen broker, it must first time out. With Kafka's defaults of 5 minutes and 60 s, reads stopped
            // for 52 s.
            ["topic.metadata.refresh.interval.ms"] = "5000",
            ["socket.timeout.ms"] = Number(RequestTimeoutMs),
            ["socket.keepalive.enable"] = "true",
        };
        Add(defaults);
        Add(_client);
        if (!string.IsNullOrWhiteSpace(_bootstrapServers))
            layers["bootstrap.servers"] = _bootstrapServers;
        Add(overrides);

        // This makes the client reconnect within about a second once the brokers are back. It is left out if the user has set the initial
        // backoff, because the client rejects a maximum below that.
        if (!layers.ContainsKey("reconnect.backoff.ms"))
            layers.TryAdd("reconnect.backoff.max.ms", "1000");
        return layers;

        void Add(KeyValuePair<string, string>[] layer)
        {
            foreach ((var alias, var value) in layer)
            {
                var name = KafkaProperties.Canonical(alias);
                var isUnset = name is "bootstrap.servers" && string.IsNullOrWhiteSpace(value);
                if (isForIt(name) && !isUnset)
                    layers[name] = value;
            }
        }
    }

    // The limit message.max.bytes matters to a consumer too, because librdkafka rejects a fetch.max.bytes below it.
    private int LargestRecord(KeyValuePair<string, string>[] overrides)
    {
        var set = overrides.Concat(_client.Reverse()).FirstOrDefault(static property => property.Key is "message.max.bytes").Value;
        return int.TryParse(set, CultureInfo.InvariantCulture, out var bytes) ? bytes : UsualRecord;
    }

    private static string Number(int value) => value.ToString(CultureInfo.InvariantCulture);
}
