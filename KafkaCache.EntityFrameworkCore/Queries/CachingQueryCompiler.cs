using System.Linq.Expressions;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.EntityFrameworkCore.Query;
using Microsoft.EntityFrameworkCore.Query.Internal;
using Microsoft.EntityFrameworkCore.Storage;

namespace KafkaCaching.EntityFrameworkCore.Queries;

/// <summary>Runs queries. For a cached query, it removes the marker and sets the scope, and then lets Entity Framework run the query as
/// usual.</summary>
internal sealed class CachingQueryCompiler(
    IQueryContextFactory queryContextFactory, ICompiledQueryCache compiledQueryCache,
    ICompiledQueryCacheKeyGenerator compiledQueryCacheKeyGenerator, IDatabase database, IDiagnosticsLogger<DbLoggerCategory.Query> logger,
    ICurrentDbContext currentContext, IEvaluatableExpressionFilter evaluatableExpressionFilter, IModel model, QueryScope scope)
    : QueryCompiler(
        queryContextFactory, compiledQueryCache, compiledQueryCacheKeyGenerator, database, logger, currentContext,
        evaluatableExpressionFilter, model)
{
    private readonly DbContext _context = currentContext.Context;

    public override TResult Execute<TResult>(Expression query) => CachedMarker.TakeFrom(query, out var plain) is { } cached
        ? Run(cached, plain, () => base.Execute<TResult>(plain))
        : base.Execute<TResult>(query);

    public override TResult ExecuteAsync<TResult>(Expression query, CancellationToken cancellationToken = default) =>
        CachedMarker.TakeFrom(query, out var plain) is { } cached
            ? Run(cached, plain, () => base.ExecuteAsync<TResult>(plain, cancellationToken))
            : base.ExecuteAsync<TResult>(query, cancellationToken);

    /// <summary>If the query reads raw SQL, makes the compiled query set <see cref="QueryScope.HasRawSql"/> on each run, because other
    /// contexts may run it later.</summary>
    public override Func<QueryContext, TResult> CompileQueryCore<TResult>(
        IDatabase database, Expression query, IModel model, bool async)
    {
        var hasRawSql = QueryRoots.HaveRawSql(query);
        var compiled = base.CompileQueryCore<TResult>(database, query, model, async);
        if (!hasRawSql)
            return compiled;
        return context =>
        {
            context.Context.GetService<QueryScope>().HasRawSql = true;
            return compiled(context);
        };
    }

    private TResult Run<TResult>(QuerySettings query, Expression plain, Func<TResult> execute)
    {
        var before = _context.ChangeTracker.QueryTrackingBehavior;
        var behavior = before == QueryTrackingBehavior.TrackAll ? QueryTrackingBehavior.NoTrackingWithIdentityResolution : before;
        var run = new CachedRun(
            _context, scope, query, ResultShape<TResult>.Instance.Element, TrackingCalls.In(plain, unlessCalled: behavior));
        run.Enter();
        try
        {
            return ResultShape<TResult>.Instance.Hold(Detached(execute, before, behavior), run);
        }
        catch
        {
            run.Leave();
            throw;
        }
    }

    // If the context tracks by default, the query resolves identities, so that each entity is returned as a single instance, as with
    // tracking.
    private TResult Detached<TResult>(Func<TResult> execute, QueryTrackingBehavior before, QueryTrackingBehavior behavior)
    {
        if (before == behavior)
            return execute();
        var tracker = _context.ChangeTracker;
        tracker.QueryTrackingBehavior = behavior;
        try
        {
            return execute();
        }
        finally
        {
            tracker.QueryTrackingBehavior = before;
        }
    }
}
