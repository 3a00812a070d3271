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

/// <summary>A cache of the results of Entity Framework's queries. <c>AddKafkaEfCache</c> creates it, contexts use it through
/// <c>UseKafkaCache</c>, and the container disposes of it. Its members can be called from any number of threads at once.</summary>
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

    /// <summary>The hybrid cache that keeps the results, for its status, its counts and waiting for positions of other processes.</summary>
    public KafkaHybridCache Hybrid { get; }

    /// <summary>Whether cached queries use the cache. If not, they read the database. Commits still invalidate, so that the cache can be
    /// switched on again at any time. Default: <see langword="true"/>.</summary>
    public bool IsEnabled
    {
        get => _isEnabled;
        set => _isEnabled = value;
    }

    /// <summary>The costs and savings of each query since the process started, by the query's name: the name given by <c>Named</c> or
    /// <c>CachedQuery.Create</c>, or <c>find</c> followed by the entity for <c>FindCachedAsync</c>. Queries without a name are counted as
    /// <c>(unnamed)</c>, and those beyond 200 names as <c>(others)</c>.</summary>
    public IReadOnlyList<QueryStatistics> Queries => [.. Catalog.All.Select(static query => query.ToStatistics())];

    internal KafkaEfCacheOptions Options { get; }

    internal TimeProvider Time { get; }

    internal QueryCatalog Catalog { get; }

    internal MarkWriter Marks { get; }

    internal CommitOpenings Openings { get; }

    internal TransactionMarks Transactions { get; }

    internal ResultFlights Flights { get; } = new();

    internal ResultMemory Objects { get; }

    /// <summary>Invalidates all results that read the given tables. Call it after a commit by code that doesn't use Entity Framework. When
    /// the task has completed, this process serves none of those results; other processes follow within milliseconds.</summary>
    /// <param name="tables">The names of the tables in the database, without their schemas.</param>
    /// <param name="cancellationToken">Cancels the wait, not the invalidation.</param>
    /// <returns>A task that completes when the invalidation has been applied in this process.</returns>
    /// <exception cref="ArgumentException">A name is empty, or no tables are given.</exception>
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
    /// <param name="cancellationToken">Cancels the wait, not the invalidation.</param>
    /// <returns>A task that completes when the invalidation has been applied in this process.</returns>
    /// <exception cref="PutException">The invalidation could not be written.</exception>
    public async Task InvalidateAllAsync(CancellationToken cancellationToken = default) =>
        await Hybrid.RemoveByTagAsync("*", cancellationToken).ConfigureAwait(false);

    /// <summary>Waits until everything that has been committed is invalidated, which means that the invalidations are in the topic and
    /// applied in this process. Commits don't wait for that, because until then, the cached queries concerned read the database in this
    /// process. Disposing of the container waits too, for at most <c>InvalidationTimeout</c>.</summary>
    /// <param name="cancellationToken">Cancels the wait.</param>
    /// <returns>A task that completes when everything that was committed before the call is invalidated. It does not complete while the
    /// brokers are unavailable.</returns>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    /// <exception cref="ObjectDisposedException">The cache was disposed of first.</exception>
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
