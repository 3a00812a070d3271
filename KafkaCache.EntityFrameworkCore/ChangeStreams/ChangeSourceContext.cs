using KafkaCaching.Hybrid;

namespace KafkaCaching.EntityFrameworkCore;

/// <summary>What a source of changes is made with.</summary>
public sealed class ChangeSourceContext
{
    internal ChangeSourceContext(KafkaEfCache cache, ChangedTables tables, string? connectionString) =>
        (Cache, Tables, ConnectionString) = (cache, tables, connectionString);

    /// <summary>The cache whose results the changes invalidate.</summary>
    public KafkaEfCache Cache { get; }

    /// <summary>The options of the hybrid cache that keeps the results: its brokers, and the settings of its clients. Don't set them any
    /// more.</summary>
    public KafkaHybridCacheOptions Options => Cache.Options.Hybrid;

    /// <summary>The tables of the context's model.</summary>
    public ChangedTables Tables { get; }

    /// <summary>What the context connects by; <see langword="null"/> if it has no connection string.</summary>
    public string? ConnectionString { get; }

    /// <summary>The clock of the cache.</summary>
    public TimeProvider Time => Cache.Time;
}
