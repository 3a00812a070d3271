using System.Runtime.CompilerServices;
using KafkaCaching.EntityFrameworkCore.Invalidation;
using KafkaCaching.EntityFrameworkCore.Queries;
using KafkaCaching.EntityFrameworkCore.Results;
using KafkaCaching.EntityFrameworkCore.Tables;
using KafkaCaching.Hybrid;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.Extensions.Logging;

namespace KafkaCaching.EntityFrameworkCore;

/// <summary>A cache of the results of Entity Framework's queries. <c>AddKafkaEfCache</c> creates it, contexts use it by
/// <c>UseKafkaCache</c>, and the container ends it. Every member may be called from any number of threads at once.</summary>
public sealed class KafkaEfCache
{
    /// <summary>The name of the meter of this package's metrics.</summary>
    public const string MeterName = "KafkaCache.EntityFrameworkCore";

    private readonly ConditionalWeakTable<IModel, ModelTables> _tables = [];
    private volatile bool _isEnabled = true;

    internal KafkaEfCache(KafkaHybridCache hybrid, KafkaEfCacheOptions options, TimeProvider time, ILogger logger)
    {
        (Hybrid, Options) = (hybrid, options);
        Marks = new MarkWriter(hybrid, options.InvalidationTimeout, time, logger, hybrid.Name);
        Openings = new CommitOpenings(hybrid, options, time, logger);
        Transactions = new TransactionMarks(this);
        Objects = new ResultMemory(options.TimeToLive, time);
    }

    /// <summary>The name that was given to <c>AddKafkaEfCache</c>.</summary>
    public string Name => Hybrid.Name;

    /// <summary>The cache that keeps the results: its status, its counts, and the waits for positions of other processes.</summary>
    public KafkaHybridCache Hybrid { get; }

    /// <summary>Whether cached queries use the cache. If not, they read the database; commits invalidate all the same, so that the cache
    /// can be switched on again at any time. Default: <see langword="true"/>.</summary>
    public bool IsEnabled
    {
        get => _isEnabled;
        set => _isEnabled = value;
    }

    internal KafkaEfCacheOptions Options { get; }

    internal MarkWriter Marks { get; }

    internal CommitOpenings Openings { get; }

    internal TransactionMarks Transactions { get; }

    internal ResultFlights Flights { get; } = new();

    internal ResultMemory Objects { get; }

    /// <summary>Invalidates all results that read some tables: for changes by code that doesn't use Entity Framework. Call it after the
    /// commit. When the task has ended, none of the results is served here; other processes follow within milliseconds.</summary>
    /// <param name="tables">The tables, as they are called in the database, without their schemas.</param>
    /// <param name="cancellationToken">Ends the wait, not the invalidation.</param>
    /// <returns>A task that ends when the invalidation is applied here.</returns>
    /// <exception cref="ArgumentException">A name is empty, or there is no table.</exception>
    /// <exception cref="PutException">The invalidation could not be written.</exception>
    public async Task InvalidateAsync(IEnumerable<string> tables, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(tables);
        string[] names = [.. tables];
        TableNames.Require(names, nameof(tables));
        var marks = new MarkSet();
        foreach (var table in names)
            marks.AddUnknownRows(TableNames.Of(table));
        await Hybrid.RemoveByTagAsync(marks.Tags, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Invalidates all results.</summary>
    /// <param name="cancellationToken">Ends the wait, not the invalidation.</param>
    /// <returns>A task that ends when the invalidation is applied here.</returns>
    /// <exception cref="PutException">The invalidation could not be written.</exception>
    public async Task InvalidateAllAsync(CancellationToken cancellationToken = default) =>
        await Hybrid.RemoveByTagAsync("*", cancellationToken).ConfigureAwait(false);

    internal ModelTables TablesOf(DbContext context) => _tables.TryGetValue(context.Model, out var known)
        ? known
        : _tables.GetValue(context.Model, _ => new ModelTables(context, Options));

    internal void End()
    {
        Marks.Dispose();
        Objects.Dispose();
    }
}
