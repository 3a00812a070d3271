using KafkaCaching.EntityFrameworkCore.Invalidation;
using Microsoft.EntityFrameworkCore.Infrastructure;

namespace KafkaCaching.EntityFrameworkCore.Queries;

/// <summary>What a context is currently running. A context runs one operation at a time, so a query can pass its settings to the
/// interceptors of its commands through this scope.</summary>
internal sealed class QueryScope : IResettableService
{
    /// <summary>The cached query that is running; <see langword="null"/> if there is none.</summary>
    public QuerySettings? Query { get; private set; }

    /// <summary>The type of the elements of the query's result.</summary>
    public Type Result { get; private set; } = typeof(object);

    /// <summary>How the query makes its entities: <see cref="TrackingCalls.In"/>.</summary>
    public string Tracking { get; private set; } = "";

    /// <summary>Whether the query reads raw SQL.</summary>
    public bool HasRawSql { get; set; }

    /// <summary>Whether opening the connection was postponed until a command has to run.</summary>
    public bool HasDeferredOpening { get; set; }

    /// <summary>The fill for the current command.</summary>
    public IRowsFill? Fill { get; set; }

    /// <summary>The commit of the changing statement that is running; <see langword="null"/> if there is none.</summary>
    public StatementCommit? Commit { get; set; }

    /// <summary>The tables that raw SQL changes, as declared with <c>DeclareChanges</c>; <see langword="null"/> without a
    /// declaration.</summary>
    public string[]? DeclaredChanges { get; private set; }

    public void Begin(QuerySettings query, Type result, string tracking) => (Query, Result, Tracking) = (query, result, tracking);

    public void End() => (Query, HasRawSql, Fill) = (null, false, null);

    public IDisposable Declare(string[] changes)
    {
        var declaration = new Declaration(this, DeclaredChanges);
        DeclaredChanges = changes;
        return declaration;
    }

    public void ResetState()
    {
        End();
        DeclaredChanges = null;
    }

    public Task ResetStateAsync(CancellationToken cancellationToken = default)
    {
        ResetState();
        return Task.CompletedTask;
    }

    private sealed class Declaration(QueryScope scope, string[]? outer) : IDisposable
    {
        public void Dispose() => scope.DeclaredChanges = outer;
    }
}
