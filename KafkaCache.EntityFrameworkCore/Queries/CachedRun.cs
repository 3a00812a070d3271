using System.Runtime.CompilerServices;
using KafkaCaching.EntityFrameworkCore.Results;
using Microsoft.EntityFrameworkCore;

namespace KafkaCaching.EntityFrameworkCore.Queries;

/// <summary>One run of a cached query. Its commands may run long after the run has begun, while its result is enumerated, and the context
/// may run other queries between two elements.</summary>
internal sealed class CachedRun(DbContext context, QueryScope scope, QuerySettings query, Type element, string tracking)
{
    private bool _hasRawSql;

    public void Enter()
    {
        scope.Begin(query, element, tracking);
        scope.HasRawSql = _hasRawSql;
    }

    public void Leave()
    {
        _hasRawSql = scope.HasRawSql;
        scope.End();
    }

    /// <summary>Marks a result of the query as read-only.</summary>
    public T Mark<T>(T result)
    {
        if (result is not null && RuntimeHelpers.IsReferenceOrContainsReferences<T>())
            ReadOnlyResults.Mark(result, context.Model);
        return result;
    }
}
