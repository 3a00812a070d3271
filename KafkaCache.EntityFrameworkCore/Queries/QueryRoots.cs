using System.Linq.Expressions;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Query;
using Microsoft.EntityFrameworkCore.Query.Internal;

namespace KafkaCaching.EntityFrameworkCore.Queries;

/// <summary>Checks whether a query that is about to be compiled reads raw SQL, and that no part of it has a marker.</summary>
internal sealed class QueryRoots : ExpressionVisitor
{
    private bool _hasRawSql;

    /// <exception cref="InvalidOperationException">A part of the query is marked as cached.</exception>
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
