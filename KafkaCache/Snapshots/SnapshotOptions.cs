namespace KafkaCaching;

/// <summary>Snapshots of a cache's entries on a local disk. With a snapshot, the next start of the process needs to replay only the records
/// written since. A snapshot that can't be proved correct is not used, and the cache replays the whole topic. See
/// docs/warm-restart.md.</summary>
public sealed class SnapshotOptions
{
    /// <summary>A directory on a local disk that outlives the process. The directory is created if it is missing. Two processes may share
    /// it; only one of them writes at a time. The file holds keys and values unencrypted, readable by its owner only. Default:
    /// <see langword="null"/>, which means no snapshots.</summary>
    public string? Directory { get; set; }

    /// <summary>How often a snapshot is written, provided that at least one percent of the entries or 10,000 records have changed since the
    /// last one, or that the last one has reached about a quarter of <see cref="MaxAge"/>. Range: 10 seconds to 1 day. Default: 10
    /// minutes.</summary>
    public TimeSpan Interval { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>The maximum number of bytes to write per second, on average. Range: 1 MB to 10 GB. Default: 50 MB.</summary>
    public long WriteBytesPerSecond { get; set; } = 50_000_000;

    /// <summary>The maximum number of bytes on disk for a snapshot and its successor together. Range: 1 MiB to 4 TiB. Default:
    /// <see langword="null"/>, which means four times <see cref="StoreOptions.MemoryBudget"/>.</summary>
    public long? MaxBytes { get; set; }

    /// <summary>The maximum age of a snapshot, if that is less than 0.9 of the topic's <c>delete.retention.ms</c>. A start from an older
    /// snapshot might miss tombstones. Range: 1 minute to 365 days. Default: <see langword="null"/>, which means 0.9 of
    /// <c>delete.retention.ms</c>; if the brokers don't report that, no snapshot is used.</summary>
    public TimeSpan? MaxAge { get; set; }

    /// <summary>The addresses from which a cache that starts without a snapshot fetches one, as a comma-separated list of absolute
    /// <c>http</c> or <c>https</c> URLs. Each is the address of <c>MapKafkaCacheSnapshot</c> (<c>KafkaCache.AspNetCore</c>) in another
    /// instance, or that of a Kubernetes Service in front of the instances. Default: <see langword="null"/>, which means that no snapshot
    /// is fetched.</summary>
    public string? From { get; set; }

    /// <summary>Creates the HTTP client for requests to <see cref="From"/>, for instance one with credentials. The cache disposes of the
    /// client. Default: <see langword="null"/>, which means a client without credentials.</summary>
    public Func<HttpClient>? CreateHttpClient { get; set; }

    /// <summary>The minimum size of a snapshot file, in bytes, for which the cache becomes ready before the whole file is in memory; see
    /// docs/warm-restart.md. A cache with indexes, a <c>Resolver</c>, <c>ValidateMutation</c> or eviction always loads the whole file
    /// first. Range: 0 (always) to <see cref="long.MaxValue"/> (never). Default: 32 MiB.</summary>
    public long ServeFromFileAbove { get; set; } = 32L << 20;

    /// <summary>A name for everything that the entries depend on in addition to the options, such as the version of a deserializer's
    /// schemas. A snapshot of another version is not used. Range: up to 200 characters. Default: empty.</summary>
    public string Version { get; set; } = "";

    /// <summary>The addresses in <see cref="From"/>, some of which may not be valid.</summary>
    internal string[] Siblings => From?.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) ?? [];

    internal SnapshotOptions Copy() => (SnapshotOptions)MemberwiseClone();
}
