using System.Linq.Expressions;
using KafkaCaching.EntityFrameworkCore.Options;
using KafkaCaching.EntityFrameworkCore.Tables;
using KafkaCaching.Hybrid;
using Microsoft.EntityFrameworkCore;

namespace KafkaCaching.EntityFrameworkCore;

/// <summary>The options of a <see cref="KafkaEfCache"/>. They are validated when the host starts, together with those of all
/// caches.</summary>
public sealed class KafkaEfCacheOptions
{
    private readonly List<DeclaredColumn> _columns = [];
    private readonly Dictionary<string, string[]> _views = new(StringComparer.OrdinalIgnoreCase);

    internal KafkaEfCacheOptions(KafkaHybridCacheOptions hybrid) => Hybrid = hybrid;

    // ---- Which topic

    /// <summary>The brokers to ask first, as a comma-separated list of <c>host:port</c>. It must be set here or in <c>Hybrid.Client</c>,
    /// unless <c>Hybrid.Log</c> is set or <c>Hybrid.Backend</c> is <c>Memory</c>.</summary>
    public string? BootstrapServers
    {
        get => Hybrid.BootstrapServers;
        set => Hybrid.BootstrapServers = value;
    }

    /// <summary>The topic, which belongs to this cache alone. It must be set, unless <c>Hybrid.Backend</c> is <c>Memory</c>.</summary>
    public string? Topic
    {
        get => Hybrid.Topic;
        set => Hybrid.Topic = value;
    }

    /// <summary>All other options of the hybrid cache that keeps the results: partitions, memory, security, clients.</summary>
    public KafkaHybridCacheOptions Hybrid { get; }

    // ---- Time

    /// <summary>The maximum time that a result is served if its query sets none. It limits how long a result can be stale after a change
    /// that does not invalidate it, such as one by another program. Range: 1 second to <c>Hybrid.MaxTimeToLive</c>. Default: 60
    /// seconds.</summary>
    public TimeSpan TimeToLive
    {
        get => Hybrid.TimeToLive;
        set => Hybrid.TimeToLive = value;
    }

    /// <summary>How long to wait for an invalidation to be written. This limit applies to a response that has a position header, to the
    /// disposal of the container and, unless <see cref="Invalidation"/> is <c>AfterCommit</c>, to the announcement of a commit. An
    /// invalidation that takes longer is written as soon as the brokers answer; until then, this process reads the affected results from
    /// the database. Range: 10 ms to 1 minute. Default: 5 seconds.</summary>
    public TimeSpan InvalidationTimeout { get; set; } = TimeSpan.FromSeconds(5);

    // ---- Invalidation

    /// <summary>When a commit informs the other processes of what it invalidates. Processes with different settings can share a topic.
    /// Default: <see cref="KafkaEfInvalidation.AfterCommit"/>.</summary>
    public KafkaEfInvalidation Invalidation { get; set; }

    /// <summary>How long the other processes wait for a process that has announced a commit to renew the announcement, before they
    /// invalidate the announced results. Until then they read those results from the database. The process renews the announcement for as
    /// long as its commit takes. Set the lease above the longest pause of a process, and above the time that the database may need for a
    /// commit whose client has died. The lease has no effect with <see cref="KafkaEfInvalidation.AfterCommit"/>. Range: 1 second to 10
    /// minutes. Default: 30 seconds.</summary>
    public TimeSpan CommitLease { get; set; } = TimeSpan.FromSeconds(30);

    // ---- What is cached

    /// <summary>Returns a string that identifies everything that a result depends on besides the query and its parameters, such as a
    /// row-level security setting of the connection. It is called for every cached query; contexts with different strings share no results.
    /// Default: <see langword="null"/>.</summary>
    public Func<DbContext, string?>? Tenant { get; set; }

    /// <summary>The maximum number of rows of one table that a commit invalidates individually. A commit that changes more rows invalidates
    /// every result that reads the table. Range: 0 to 10,000. Default: 100.</summary>
    public int MaxMarkedRows { get; set; } = 100;

    internal IReadOnlyList<DeclaredColumn> Columns => _columns;

    internal IReadOnlyDictionary<string, string[]> Views => _views;

    /// <summary>Declares a column, so that queries may filter on it with <c>By</c>. Every process that writes the table must declare the
    /// column before any process uses <c>By</c>. The property must be a concurrency token or part of the primary key, because otherwise
    /// Entity Framework doesn't know which value a changed row had.</summary>
    /// <typeparam name="TEntity">The type of the entities.</typeparam>
    /// <param name="column">The property, as in <c>user =&gt; user.GroupId</c>.</param>
    /// <exception cref="ArgumentException"><paramref name="column"/> is not a property of the entity.</exception>
    public void DeclareColumn<TEntity>(Expression<Func<TEntity, object?>> column)
        where TEntity : class
    {
        ArgumentNullException.ThrowIfNull(column);
        _columns.Add(new DeclaredColumn(typeof(TEntity), PropertyNames.Of(column)));
    }

    /// <summary>Declares which tables a view or a function of the database reads, so that queries over it can be cached without
    /// <c>DependsOn</c>.</summary>
    /// <param name="name">The name of the view or function in the database, without its schema.</param>
    /// <param name="tables">The tables that it reads, without their schemas.</param>
    /// <exception cref="ArgumentException">A name is empty, or no tables are given.</exception>
    public void DeclareView(string name, params string[] tables)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        TableNames.Require(tables, nameof(tables));
        _views[name] = [.. tables];
    }
}
