using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Confluent.Kafka;
using KafkaCaching.Jobs.Leading;
using KafkaCaching.Jobs.Snapshots;

namespace KafkaCaching.Jobs;

/// <summary>The options of a refreshed cache. They are validated when the host starts, and all faults are reported at once.</summary>
/// <typeparam name="TKey">The type of the IDs.</typeparam>
/// <typeparam name="TRow">The type of the rows. Instances are shared by all readers, so they must not be changed.</typeparam>
public sealed class RefreshedCacheOptions<TKey, TRow> : IElectedOptions
    where TKey : notnull
{
    // ---- Which topic

    /// <summary>The brokers to ask first, as a comma-separated list of <c>host:port</c>. It must be set here, in <see cref="Client"/> or by
    /// <c>AddKafkaCacheDefaults</c>.</summary>
    public string? BootstrapServers { get; set; }

    /// <summary>Settings for every Kafka client, such as SASL and TLS. Default: none.</summary>
    public ClientConfig? Client { get; set; }

    /// <summary>The topic, which belongs to this cache alone: one partition, compacted. Each row is a record with the row's ID as the key.
    /// Default: the name of the cache.</summary>
    public string? Topic { get; set; }

    /// <summary>Whether missing topics (this one and the <see cref="ElectionTopic"/>) are created. Existing topics are always checked.
    /// Default: <see langword="true"/>.</summary>
    public bool CreateTopic { get; set; } = true;

    /// <summary>The replication factor of a new topic. Range: from 1. Default: <see langword="null"/>, which uses the brokers'
    /// <c>default.replication.factor</c>.</summary>
    public short? ReplicationFactor { get; set; }

    /// <summary>The topic of the election (see <see cref="LeadershipOptions.Topic"/>). Default: <c>kafkacache-leadership</c>.</summary>
    public string ElectionTopic { get; set; } = "kafkacache-leadership";

    // ---- Rows

    /// <summary>Returns the ID of a row. It must be set.</summary>
    public Func<TRow, TKey>? Key { get; set; }

    /// <summary>Returns the value by which the rows are ordered; strings are compared ordinally. Default: <see langword="null"/>, which
    /// orders rows by their encoded IDs.</summary>
    public Func<TRow, IComparable?>? OrderBy { get; set; }

    /// <summary>Encodes IDs. Default: a built-in encoding if the IDs are of type string, Guid, int or long.</summary>
    public ISerializer<TKey>? KeySerializer { get; set; }

    /// <summary>Decodes IDs. Default: the same as for <see cref="KeySerializer"/>.</summary>
    public IDeserializer<TKey>? KeyDeserializer { get; set; }

    /// <summary>Encodes rows. Default: JSON.</summary>
    public ISerializer<TRow>? RowSerializer { get; set; }

    /// <summary>Decodes rows. Default: the same as for <see cref="RowSerializer"/>.</summary>
    public IDeserializer<TRow>? RowDeserializer { get; set; }

    /// <summary>The JSON contract of the rows, for source generation. Default: reflection.</summary>
    public JsonTypeInfo<TRow>? RowJsonTypeInfo { get; set; }

    /// <summary>How rows are written to and read from JSON. Default: <c>JsonSerializerDefaults.Web</c> with enums as strings.</summary>
    public JsonSerializerOptions? RowJsonOptions { get; set; }

    // ---- The fetch

    /// <summary>Fetches all rows. It must be set. It runs in one instance at a time, in its own scope of services, and should end when its
    /// token is cancelled. An exception counts as a failed attempt.</summary>
    public Func<RefreshFetch, CancellationToken, Task<IReadOnlyCollection<TRow>>>? Fetch { get; set; }

    /// <summary>Arguments for <see cref="Fetch"/>. Default: none.</summary>
    public IDictionary<string, string> Args { get; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>How long one fetch may take. A fetch that does not end when its token is cancelled is abandoned. Range: 1 second to 1 day.
    /// Default: 5 minutes.</summary>
    public TimeSpan FetchTimeout { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>How many times a failed fetch is retried before the refresh counts as failed. Range: 0 to 100. Default: 3.</summary>
    public int Retries { get; set; } = 3;

    /// <summary>How long to wait before the first retry. The wait doubles with each retry and has a random variation. Range: 0 to 1 hour.
    /// Default: 2 seconds.</summary>
    public TimeSpan RetryDelay { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>The time from a failed refresh to the next one, unless a refresh is due earlier. Range: 1 second to 1 day. Default: 1
    /// minute.</summary>
    public TimeSpan RetryAfter { get; set; } = TimeSpan.FromMinutes(1);

    // ---- When

    /// <summary>The time from the beginning of one fetch to the beginning of the next one. If a fetch takes longer, the next one begins
    /// immediately. Either this or <see cref="Cron"/> must be set. Range: 1 second to 365 days.</summary>
    public TimeSpan? Every { get; set; }

    /// <summary>When to refresh, as a cron expression of five fields, or six with seconds. Default: none.</summary>
    public string? Cron { get; set; }

    /// <summary>The time zone of <see cref="Cron"/>. Default: UTC.</summary>
    public TimeZoneInfo CronTimeZone { get; set; } = TimeZoneInfo.Utc;

    /// <summary>The maximum random delay of a refresh, which prevents many caches from querying one source at the same moment. Range: 0 to
    /// 1 day. Default: 0.</summary>
    public TimeSpan Jitter { get; set; }

    // ---- What is refused

    /// <summary>Whether a fetch that returns no rows is accepted. If not, such a fetch counts as failed, and the previous version continues
    /// to be served. Default: <see langword="false"/>.</summary>
    public bool AllowEmpty { get; set; }

    /// <summary>The largest fraction of the previous version's rows that may be missing from a new version, such as 0.3. If more rows are
    /// missing, the refresh fails, and the previous version continues to be served. Range: 0 to 1. Default: <see langword="null"/>, which
    /// means no limit.</summary>
    public double? MaxShrink { get; set; }

    /// <summary>The maximum size of one encoded row including its ID, in bytes. Range: 1 byte to 128 MiB, but at most the topic's
    /// <c>max.message.bytes</c>. Default: 900,000.</summary>
    public long MaxRowBytes { get; set; } = 900_000;

    /// <summary>The maximum size of all encoded rows of a version, in bytes. A larger version is refused before it is published. Range: 1
    /// byte to a third of <c>Store.MemoryBudget</c>. Default: <see langword="null"/>, which means a third of
    /// <c>Store.MemoryBudget</c>.</summary>
    public long? MaxSnapshotBytes { get; set; }

    /// <summary>The maximum number of bytes of new and changed rows in one refresh. These rows are written in one transaction, which must
    /// end within <see cref="TransactionTimeout"/>. Range: 1 byte to 16 GiB. Default: 128 MiB.</summary>
    public long MaxTransactionBytes { get; set; } = 128L << 20;

    // ---- Time

    /// <summary>The age above which the served version is too old for the cache's health check. Range: 1 second to 3,650 days. Default:
    /// <see langword="null"/>, which means no limit.</summary>
    public TimeSpan? MaxAge { get; set; }

    /// <summary>How long to wait for the first version. With <c>ServeWhenReady</c>, this also limits the wait during the start of the host.
    /// Range: above 0 to 1 day. Default: 5 minutes.</summary>
    public TimeSpan ReadyTimeout { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>How long a call of <c>RefreshAsync</c> waits for the new version. Range: above 0 to 1 day. Default: 10 minutes.</summary>
    public TimeSpan RefreshTimeout { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>How long the write of one refresh may take (see <see cref="FencedWriterOptions.TransactionTimeout"/>). Range: 1 second to
    /// 15 minutes. Default: 15 seconds.</summary>
    public TimeSpan TransactionTimeout { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>How long the brokers wait for a heartbeat from the leader (see <see cref="LeadershipOptions.SessionTimeout"/>). Range: 1
    /// second to 5 minutes. Default: 6 seconds.</summary>
    public TimeSpan SessionTimeout { get; set; } = TimeSpan.FromSeconds(6);

    /// <summary>How the encoded rows are kept in memory, in addition to the decoded ones.</summary>
    public StoreOptions Store { get; set; } = new();

    internal List<GroupDefinition<TRow>> Groups { get; } = [];

    /// <summary>Declares a grouping of the rows, for <see cref="Snapshot{TKey, TRow}.Group"/>.</summary>
    /// <typeparam name="TGroup">The type of the group's values.</typeparam>
    /// <param name="name">The name of the group.</param>
    /// <param name="by">Returns the value by which a row is grouped. A row whose value is <see langword="null"/> belongs to no
    /// group.</param>
    public void Group<TGroup>(string name, Func<TRow, TGroup> by)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        ArgumentNullException.ThrowIfNull(by);
        Groups.Add(new GroupDefinition<TRow>(name, row => by(row)));
    }
}
