using System.Globalization;
using Confluent.Kafka;

namespace KafkaCaching.Clients;

/// <summary>The configuration of every Kafka client that a cache makes. Later layers win: the library's defaults, the option <c>Client</c>,
/// the option <c>Consumer</c> or <c>Producer</c>, what the library owns. A snapshot: later changes to the options have no effect.</summary>
internal sealed class ClientConfigs
{
    // What waits in the client's queue, and again what is being fetched, spread over the partitions. Measured, with the broker on the same
    // machine: a replay is no faster with 16 MiB.
    private const int FetchBudget = 4 << 20;
    private const int SmallestFetch = 64 << 10;
    private const int LargestFetch = 1 << 20;
    private const int RequestTimeoutMs = 10_000;

    // librdkafka's receive.message.max.bytes unless set, and what an answer has beside one record.
    private const int LargestAnswer = 100_000_000;
    private const int AnswerOverhead = 1 << 20;
    private const int ADayInMs = 86_400_000;

    // Of one answer, over all partitions: on a slow link positions move with each.
    private const int FetchAnswer = 1 << 20;

    // librdkafka's default of message.max.bytes.
    private const int UsualRecord = 1_000_000;

    // The least for which a put's time is the limit, and not a request's.
    private const int SlowLinkBytesPerMs = 100;

    private readonly KeyValuePair<string, string>[] _client;
    private readonly KeyValuePair<string, string>[] _consumer;
    private readonly KeyValuePair<string, string>[] _producer;
    private readonly string? _bootstrapServers;
    private readonly TimeSpan _putTimeout;
    private readonly long _maxEntryBytes;
    private readonly TimeSpan _staleAfter;

    private ClientConfigs(
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

    public static ClientConfigs Of<TKey, TValue>(KafkaCacheOptions<TKey, TValue> options)
        where TKey : notnull =>
        new(
            options.BootstrapServers, options.PutTimeout, options.StaleAfter, options.Store.MaxEntryBytes, options.Client, options.Consumer,
            options.Producer);

    /// <summary>The brokers to ask first, for messages: where the admin client goes.</summary>
    public string BootstrapServers => Admin().BootstrapServers;

    /// <summary>Whether the option <c>Producer</c> sets anything.</summary>
    public bool HasProducerSettings => _producer.Length > 0;

    /// <param name="partitions">How many partitions the consumer reads; by it the fetches are sized.</param>
    public ConsumerConfig Consumer(int partitions)
    {
        var config = new ConsumerConfig(Layers(KafkaProperties.IsForConsumers, _consumer,
        [
            // Demanded by the client and named in ACL errors, but never joined: partitions are assigned, offsets never committed.
            new("group.id", "kafkacache"),
            new("enable.auto.offset.store", "false"),
            new("max.poll.interval.ms", Number(ADayInMs)),
            new("check.crcs", "true"),

            // How long an idle fetch stays with the broker; a record ends the wait at once. Each costs both sides some 0.1 ms, which a
            // hundred idle caches feel. From a second on librdkafka gives a fetch longer to be answered, and a frozen broker is found
            // later.
            new("fetch.wait.max.ms", "900"),

            // A full queue makes the next fetch wait for this long: at its default of 1,000 a fast replay stalls for seconds.
            new("fetch.queue.backoff.ms", "5"),
            new("fetch.error.backoff.ms", "100"),
            // Counts until the last byte of an answer is in, so the longest that the client allows: Replay/Sources/Connections.cs finds a
            // silent broker.
            new("socket.timeout.ms", "300000"),
            new("fetch.max.bytes", Number(Math.Max(FetchAnswer, LargestRecord(_consumer)))),
            new("max.partition.fetch.bytes", Number(Math.Clamp(FetchBudget / Math.Max(partitions, 1), SmallestFetch, LargestFetch))),
            new("queued.max.messages.kbytes", Number(FetchBudget >> 10)),

            // A broker answers with a record whatever its size. An answer over the limit would be refused again and again.
            new("receive.message.max.bytes", Number((int)Math.Max(LargestAnswer, _maxEntryBytes + AnswerOverhead))),
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

    // Often enough that a broker which still sends is seen to well before the cache is called stale, and no more often: a hundred idle
    // caches feel each. They grow with the partitions, to a megabyte at a thousand, and wait in the client while a resolver doesn't return.
    private int StatisticsInterval(int partitions) =>
        Math.Max(Math.Min(5 * partitions, 5_000), (int)Math.Clamp(_staleAfter.TotalMilliseconds / 6, 1_000, 4_000));

    public ProducerConfig Producer() => new(Layers(KafkaProperties.IsForProducers, _producer,
    [
        new("linger.ms", "0"),
        new("partitioner", "murmur2_random"),

        // Five batches may be under way at once, and each has the time of a request.
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

    public AdminClientConfig Admin() => new(Layers(KafkaProperties.IsForAdmins, [], []));

    private Dictionary<string, string> Layers(
        Func<string, bool> isForIt, KeyValuePair<string, string>[] overrides, KeyValuePair<string, string>[] defaults)
    {
        var layers = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["client.id"] = ClientId.Default,

            // Else a mistyped topic would come into being, and not compacted.
            ["allow.auto.create.topics"] = "false",
            ["log.thread.name"] = "false",

            // A leader that freezes closes no connection. Who waits for its answer learns of the next leader by asking another broker, and
            // of that only once the question that the frozen one may have got is given up: with Kafka's 5 minutes and 60 s reads stood
            // still for 52 s.
            ["topic.metadata.refresh.interval.ms"] = "5000",
            ["socket.timeout.ms"] = Number(RequestTimeoutMs),
            ["socket.keepalive.enable"] = "true",
        };
        Add(defaults);
        Add(_client);
        if (_bootstrapServers is not null)
            layers["bootstrap.servers"] = _bootstrapServers;
        Add(overrides);

        // So that it is back within a second or so of the brokers. Under a lower limit of the user's own it would be no limit but an error.
        if (!layers.ContainsKey("reconnect.backoff.ms"))
            layers.TryAdd("reconnect.backoff.max.ms", "1000");
        return layers;

        void Add(KeyValuePair<string, string>[] layer)
        {
            foreach ((var alias, var value) in layer)
            {
                var name = KafkaProperties.Canonical(alias);
                if (isForIt(name))
                    layers[name] = value;
            }
        }
    }

    // message.max.bytes, which bounds what a consumer fetches too: the client takes no smaller fetch.max.bytes.
    private int LargestRecord(KeyValuePair<string, string>[] overrides)
    {
        var set = overrides.Concat(_client.Reverse()).FirstOrDefault(static property => property.Key is "message.max.bytes").Value;
        return int.TryParse(set, CultureInfo.InvariantCulture, out var bytes) ? bytes : UsualRecord;
    }

    private static string Number(int value) => value.ToString(CultureInfo.InvariantCulture);
}
