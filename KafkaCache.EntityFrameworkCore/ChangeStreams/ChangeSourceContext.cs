using KafkaCaching.Hybrid;

namespace KafkaCaching.EntityFrameworkCore;

/// <summary>The objects and settings from which a change source is created.</summary>
public sealed class ChangeSourceContext
{
    internal ChangeSourceContext(KafkaEfCache cache, ChangedTables tables, string? connectionString) =>
        (Cache, Tables, ConnectionString) = (cache, tables, connectionString);

    /// <summary>The cache whose results the changes invalidate.</summary>
    public KafkaEfCache Cache { get; }

    /// <summary>The options of the hybrid cache that keeps the results: its brokers, and the settings of its clients. Changes to them have
    /// no effect.</summary>
    public KafkaHybridCacheOptions Options => Cache.Options.Hybrid;

    /// <summary>The tables of the context's model.</summary>
    public ChangedTables Tables { get; }

    /// <summary>The connection string of the context; <see langword="null"/> if it has none.</summary>
    public string? ConnectionString { get; }

    /// <summary>The clock of the cache.</summary>
    public TimeProvider Time => Cache.Time;
}
