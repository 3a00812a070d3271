using System.Linq.Expressions;
using KafkaCaching.EntityFrameworkCore.Options;
using KafkaCaching.EntityFrameworkCore.Tables;
using KafkaCaching.Hybrid;
using Microsoft.EntityFrameworkCore;

namespace KafkaCaching.EntityFrameworkCore;

/// <summary>What a <see cref="KafkaEfCache"/> does and where its topic is. The options are validated when the host starts, together with
/// those of all caches.</summary>
public sealed class KafkaEfCacheOptions
{
    private readonly List<DeclaredColumn> _columns = [];
    private readonly Dictionary<string, string[]> _views = new(StringComparer.OrdinalIgnoreCase);

    internal KafkaEfCacheOptions(KafkaHybridCacheOptions hybrid) => Hybrid = hybrid;

    // ---- Which topic

    /// <summary>The brokers to ask first, as <c>host:port</c> with commas between. Required, here or in <c>Hybrid.Client</c>.</summary>
    public string? BootstrapServers
    {
        get => Hybrid.BootstrapServers;
        set => Hybrid.BootstrapServers = value;
    }

    /// <summary>The topic, which belongs to this cache alone. Required.</summary>
    public string? Topic
    {
        get => Hybrid.Topic;
        set => Hybrid.Topic = value;
    }

    /// <summary>All other options of the hybrid cache that keeps the results: partitions, memory, security, clients.</summary>
    public KafkaHybridCacheOptions Hybrid { get; }

    // ---- Time

    /// <summary>How long a result is served at most if the query doesn't say. It bounds how long a result can be stale after a change that
    /// this cache is not told of. Range: 1 second to <c>Hybrid.MaxTimeToLive</c>. Default: 60 seconds.</summary>
    public TimeSpan TimeToLive
    {
        get => Hybrid.TimeToLive;
        set => Hybrid.TimeToLive = value;
    }

    /// <summary>How long anything waits for an invalidation to be written: the response of a request whose commits are to be in the
    /// position header, the end of the container, and, unless <see cref="Invalidation"/> is <c>AfterCommit</c>, a commit for its
    /// announcement. An invalidation that takes longer is written as soon as the brokers answer; until then this process reads what it
    /// concerns from the database. Range: 10 ms to 1 minute. Default: 5 seconds.</summary>
    public TimeSpan InvalidationTimeout { get; set; } = TimeSpan.FromSeconds(5);

    // ---- Invalidation

    /// <summary>When a commit tells the other processes what it invalidates. Processes with different settings can share a topic. Default:
    /// <see cref="KafkaEfInvalidation.AfterCommit"/>.</summary>
    public KafkaEfInvalidation Invalidation { get; set; }

    /// <summary>How long the other processes wait for a sign of life from one that has announced a commit, before they invalidate what it
    /// announced. Until then they read that from the database. The process gives signs for as long as its commit takes. Set it above the
    /// longest pause of a process, and above the time that the database may need for a commit whose client has died. Without effect with
    /// <see cref="KafkaEfInvalidation.AfterCommit"/>. Range: 1 second to 10 minutes. Default: 30 seconds.</summary>
    public TimeSpan CommitLease { get; set; } = TimeSpan.FromSeconds(30);

    // ---- What is cached

    /// <summary>Names what else a result depends on that is in neither the query nor its parameters, such as a row-level security setting
    /// of the connection. Called for every cached query; contexts with different texts share no results. Default:
    /// <see langword="null"/>.</summary>
    public Func<DbContext, string?>? Tenant { get; set; }

    /// <summary>How many rows of one table a commit invalidates one by one. If it changes more, it invalidates every result that reads the
    /// table. Range: 0 to 10,000. Default: 100.</summary>
    public int MostMarkedRows { get; set; } = 100;

    internal IReadOnlyList<DeclaredColumn> Columns => _columns;

    internal IReadOnlyDictionary<string, string[]> Views => _views;

    /// <summary>Declares a column, so that queries may say <c>By</c> for it. Every process that writes the table must declare it before any
    /// process says <c>By</c>. The property must be a concurrency token or part of the primary key, because otherwise Entity Framework
    /// doesn't know which value a changed row had.</summary>
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
    /// <exception cref="ArgumentException">A name is empty, or there is no table.</exception>
    public void DeclareView(string name, params string[] tables)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        TableNames.Require(tables, nameof(tables));
        _views[name] = [.. tables];
    }
}
