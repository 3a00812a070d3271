using System.Linq.Expressions;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Query;
using Microsoft.EntityFrameworkCore.Query.Internal;

namespace KafkaCaching.EntityFrameworkCore.Queries;

/// <summary>Examines a query that is about to be compiled: whether it reads raw SQL, and whether it has a marker in a place where none is
/// allowed.</summary>
internal sealed class QueryRoots : ExpressionVisitor
{
    private bool _hasRawSql;

    /// <exception cref="InvalidOperationException">A part of the query asks for the cache.</exception>
    public static bool HaveRawSql(Expression query)
    {
        var roots = new QueryRoots();
        roots.Visit(query);
        return roots._hasRawSql;
    }

    protected override Expression VisitMethodCall(MethodCallExpression node) => CachedMarker.Is(node)
        ? throw new InvalidOperationException(
            "The query has .Cached() inside of another query, or in a compiled query. Call .Cached() on the whole query, as the last "
            + "call before ToListAsync and the like, and don't compile it.")
        : base.VisitMethodCall(node);

    protected override Expression VisitExtension(Expression node)
    {
        _hasRawSql |= node is FromSqlQueryRootExpression or SqlQueryRootExpression
            || (node is EntityQueryRootExpression root && root.EntityType.GetSqlQuery() is not null);
        return node is QueryRootExpression ? node : base.VisitExtension(node);
    }
}
