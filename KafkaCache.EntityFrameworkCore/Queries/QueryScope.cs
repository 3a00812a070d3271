using KafkaCaching.EntityFrameworkCore.Invalidation;
using Microsoft.EntityFrameworkCore.Infrastructure;

namespace KafkaCaching.EntityFrameworkCore.Queries;

/// <summary>What a context does at the moment. A context does one thing at a time, so this is set while a query runs, and found by the
/// interceptors of its commands.</summary>
internal sealed class QueryScope : IResettableService
{
    /// <summary>The cached query that runs; <see langword="null"/> if there is none.</summary>
    public QuerySettings? Query { get; private set; }

    /// <summary>The type of the elements of its result.</summary>
    public Type Result { get; private set; } = typeof(object);

    /// <summary>Whether the query reads raw SQL.</summary>
    public bool HasRawSql { get; set; }

    /// <summary>Whether the connection is to be opened for a command that has to run.</summary>
    public bool HasPutOffOpening { get; set; }

    /// <summary>The fill that the command under way is for.</summary>
    public IRowsFill? Fill { get; set; }

    /// <summary>The commit of the changing statement that runs; <see langword="null"/> if none does.</summary>
    public StatementCommit? Commit { get; set; }

    /// <summary>The tables that the program says its raw SQL changes; <see langword="null"/> if it says nothing.</summary>
    public string[]? DeclaredChanges { get; private set; }

    public void Begin(QuerySettings query, Type result) => (Query, Result) = (query, result);

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
