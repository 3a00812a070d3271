using System.Linq.Expressions;
using System.Reflection;
using Microsoft.EntityFrameworkCore;

namespace KafkaCaching.EntityFrameworkCore.Queries;

/// <summary>The method call that marks a query as cached in its expression. It is removed before Entity Framework compiles the query, so
/// that a query is compiled only once, whatever its settings.</summary>
internal static class CachedMarker
{
    private static readonly MethodInfo Method = ((Delegate)ContextWithoutUseKafkaCache.Cached<object>).Method.GetGenericMethodDefinition();

    public static Expression Put<T>(Expression source, QuerySettings query) =>
        Expression.Call(Method.MakeGenericMethod(typeof(T)), source, Expression.Constant(query));

    public static bool Is(Expression expression) =>
        expression is MethodCallExpression { Method: { IsGenericMethod: true } method } && method.GetGenericMethodDefinition() == Method;

    /// <summary>Removes the marker from the chain of calls of a query.</summary>
    /// <param name="query">The query.</param>
    /// <param name="plain">The query without its marker.</param>
    /// <returns>The settings in the marker; <see langword="null"/> if the query has no marker.</returns>
    /// <exception cref="InvalidOperationException">The query can't be cached.</exception>
    public static QuerySettings? TakeFrom(Expression query, out Expression plain)
    {
        plain = query;
        if (!IsIn(query))
            return null;
        Check(query);
        plain = Without((MethodCallExpression)query, out var found);
        return found;
    }

    /// <returns>The query without its markers; the query itself if it has none.</returns>
    public static Expression Without(Expression query)
    {
        while (IsIn(query))
            query = Without((MethodCallExpression)query, out _);
        return query;
    }

    private static bool IsIn(Expression query)
    {
        for (var at = query; at is MethodCallExpression { Method.IsStatic: true, Arguments.Count: > 0 } call; at = call.Arguments[0])
        {
            if (Is(call))
                return true;
        }

        return false;
    }

    private static Expression Without(MethodCallExpression call, out QuerySettings found)
    {
        if (Is(call))
        {
            found = (QuerySettings)((ConstantExpression)call.Arguments[1]).Value!;
            return call.Arguments[0];
        }

        var source = Without((MethodCallExpression)call.Arguments[0], out found);
        return call.Update(call.Object, [source, .. call.Arguments.Skip(1)]);
    }

    private static void Check(Expression query)
    {
        for (var at = query; at is MethodCallExpression { Arguments.Count: > 0 } call; at = call.Arguments[0])
        {
            if (call.Method.Name
                is nameof(EntityFrameworkQueryableExtensions.ExecuteUpdate) or nameof(EntityFrameworkQueryableExtensions.ExecuteDelete))
                throw new InvalidOperationException(
                    $"{call.Method.Name} changes rows, and a query with .Cached() reads them. Leave out .Cached().");
        }
    }

    /// <summary>If a context has no cache, Entity Framework reports that it can't translate the method of this class. The name of the class
    /// states the cause.</summary>
    private static class ContextWithoutUseKafkaCache
    {
        public static IQueryable<T> Cached<T>(IQueryable<T> source, QuerySettings query) =>
            throw new InvalidOperationException(
                $"{nameof(Cached)} is for queries of Entity Framework. {source.ElementType} {query.TimeToLive}");
    }
}
