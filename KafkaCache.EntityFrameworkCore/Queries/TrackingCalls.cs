using System.Linq.Expressions;
using Microsoft.EntityFrameworkCore;

namespace KafkaCaching.EntityFrameworkCore.Queries;

/// <summary>Finds the calls of a query, or of a part of it, that determine whether its entities are tracked and whether each entity is a
/// single instance.</summary>
internal sealed class TrackingCalls : ExpressionVisitor
{
    private readonly List<string> _names = [];

    /// <summary>Describes how a query makes its entities. Queries with equal descriptions read the same columns of each row. If each entity
    /// is a single instance, Entity Framework reads only the key of an entity that it has made before.</summary>
    /// <param name="query">The query.</param>
    /// <param name="unlessCalled">How the query makes its entities if it contains no such call.</param>
    /// <exception cref="InvalidOperationException">The query tracks its results.</exception>
    public static string In(Expression query, QueryTrackingBehavior unlessCalled)
    {
        var calls = new TrackingCalls();
        calls.Visit(query);
        return calls._names.Count == 0 ? unlessCalled.ToString() : string.Join(' ', calls._names);
    }

    protected override Expression VisitMethodCall(MethodCallExpression node)
    {
        if (node.Method.DeclaringType == typeof(EntityFrameworkQueryableExtensions))
        {
            if (node.Method.Name == nameof(EntityFrameworkQueryableExtensions.AsTracking))
                throw new InvalidOperationException(
                    "A query with .Cached() returns detached results, and this one has .AsTracking(). Leave out one of the two.");
            if (node.Method.Name is nameof(EntityFrameworkQueryableExtensions.AsNoTracking)
                or nameof(EntityFrameworkQueryableExtensions.AsNoTrackingWithIdentityResolution))
                _names.Add(node.Method.Name);
        }

        return base.VisitMethodCall(node);
    }
}
