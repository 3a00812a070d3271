using System.Diagnostics.Metrics;
using System.Runtime.CompilerServices;
using KafkaCaching.EntityFrameworkCore.Diagnostics;
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
public sealed class KafkaEfCache : IQueryStatistics
{
    /// <summary>The name of the meter that the metrics of all such caches belong to.</summary>
    public const string MeterName = "KafkaCache.EntityFrameworkCore";

    private readonly ConditionalWeakTable<IModel, ModelTables> _tables = [];
    private readonly IDisposable _metrics;
    private volatile bool _isEnabled = true;

    internal KafkaEfCache(
        KafkaHybridCache hybrid, KafkaEfCacheOptions options, IMeterFactory? meters, TimeProvider time, ILogger logger)
    {
        (Hybrid, Options, Time) = (hybrid, options, time);
        Marks = new MarkWriter(hybrid, options.InvalidationTimeout, time, logger, hybrid.Name);
        Openings = new CommitOpenings(hybrid, options, time, logger);
        Transactions = new TransactionMarks(this);
        Objects = new ResultMemory(options.TimeToLive, time);
        Catalog = new QueryCatalog(hybrid.Name);
        _metrics = EfMetrics.For(meters).Add(hybrid.Name, hybrid.Cache.Topic, Catalog, Marks);
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

    /// <summary>What each query has cost and saved since the process started, by its name: that of <c>Named</c> or of the
    /// <c>CachedQuery</c>, and <c>find</c> with the entity for <c>FindCachedAsync</c>. Those without a name are <c>(unnamed)</c>; beyond
    /// 200 names, further ones are <c>(others)</c>.</summary>
    public IReadOnlyList<QueryStatistics> Queries => [.. Catalog.All.Select(static query => query.ToStatistics())];

    internal KafkaEfCacheOptions Options { get; }

    internal TimeProvider Time { get; }

    internal QueryCatalog Catalog { get; }

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

    /// <summary>Waits until everything that has been committed is invalidated: it is in the topic, and applied here. Commits don't wait for
    /// that, since cached queries here read the database meanwhile. Disposing of the container waits too, for as long as the option
    /// <c>InvalidationTimeout</c>.</summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>A task that ends when everything is invalidated that was committed before the call. While the brokers are away, it does not
    /// end.</returns>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    /// <exception cref="ObjectDisposedException">The cache ended before.</exception>
    public Task FlushAsync(CancellationToken cancellationToken = default) => Marks.FlushAsync(cancellationToken);

    internal ModelTables TablesOf(DbContext context) => _tables.TryGetValue(context.Model, out var known)
        ? known
        : _tables.GetValue(context.Model, _ => new ModelTables(context, Options));

    internal async Task EndAsync()
    {
        _metrics.Dispose();
        await Marks.DisposeAsync().ConfigureAwait(false);
        Objects.Dispose();
    }
}
