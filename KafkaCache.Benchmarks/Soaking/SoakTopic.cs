using Confluent.Kafka;

namespace KafkaCaching.Benchmarks.Soaking;

/// <summary>A topic with two instances of its cache: one for writes, and one that only reads.</summary>
internal sealed class SoakTopic : IAsyncDisposable
{
    public static readonly TimeSpan StaleAfter = TimeSpan.FromSeconds(4);
    private const long MemoryBudget = 24 << 20;

    private readonly string _bootstrapServers;
    private readonly LibraryLog _libraryLog;

    public SoakTopic(string name, RecordErrorPolicy policy, string bootstrapServers, LibraryLog libraryLog)
    {
        Name = name;
        Policy = policy;
        _bootstrapServers = bootstrapServers;
        _libraryLog = libraryLog;
        Writable = Create("writable", readOnly: false);
        ReadOnly = Create("read-only", readOnly: true);
    }

    public string Name { get; }

    public RecordErrorPolicy Policy { get; }

    public bool TakesBadRecords => Policy != RecordErrorPolicy.Fail;

    /// <summary>The cleanup policy. DeleteRecords is allowed only if the policy includes <c>delete</c>. The policy has no other effect,
    /// because no record reaches the retention time.</summary>
    public string CleanupPolicy => TakesBadRecords ? "compact,delete" : "compact";

    public int Partitions { get; set; } = Workload.Partitions;

    public TopicLog Log { get; } = new();

    public KafkaCache<string, SoakValue> Writable { get; }

    public KafkaCache<string, SoakValue> ReadOnly { get; }

    public IReadOnlyList<KafkaCache<string, SoakValue>> Instances => [Writable, ReadOnly];

    /// <summary>The number of generations that each instance has built.</summary>
    public IReadOnlyList<long> Generations => [.. Instances.Select(cache => _libraryLog.Generations[cache.Name])];

    public KafkaCache<string, SoakValue> Create(string role, bool readOnly) => KafkaCache.Create(
        new KafkaCacheOptions<string, SoakValue>
        {
            BootstrapServers = _bootstrapServers,
            Topic = Name,
            Name = $"{Name}, {role}",
            ReadOnly = readOnly,
            OnRecordError = Policy,
            ValueSerializer = new SoakValue.Encoding(),
            ValueDeserializer = new SoakValue.Encoding(),
            StaleAfter = StaleAfter,
            PutTimeout = TimeSpan.FromSeconds(15),
            Store = { MemoryBudget = MemoryBudget },
            Producer = readOnly ? null : new ProducerConfig { TopicMetadataRefreshIntervalMs = 1_000 },
        },
        _libraryLog.For($"{Name}, {role}"));

    public async ValueTask DisposeAsync()
    {
        await Writable.DisposeAsync();
        await ReadOnly.DisposeAsync();
    }
}
