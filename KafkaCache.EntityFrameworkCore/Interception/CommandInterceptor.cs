using System.Data;
using System.Data.Common;
using KafkaCaching.EntityFrameworkCore.Hosting;
using KafkaCaching.EntityFrameworkCore.Invalidation;
using KafkaCaching.EntityFrameworkCore.Queries;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.EntityFrameworkCore.Infrastructure;

namespace KafkaCaching.EntityFrameworkCore.Interception;

/// <summary>Intercepts each command of a context: it returns the rows of a cached query from the cache, and announces and invalidates the
/// changes that a statement makes. <c>SaveChanges</c> is handled in <see cref="InvalidatingDatabase"/>.</summary>
internal sealed class CommandInterceptor(IDbContextOptions options, QueryScope scope) : DbCommandInterceptor
{
    private readonly CommandCache _queries = options.FindExtension<KafkaCacheOptionsExtension>()!.Queries;
    private readonly StatementMarks _statements = new(options.FindExtension<KafkaCacheOptionsExtension>()!.Cache);

    public override InterceptionResult<DbDataReader> ReaderExecuting(
        DbCommand command, CommandEventData eventData, InterceptionResult<DbDataReader> result)
    {
        var found = Find(command, eventData, result);
        if (HasToOpen(command, found))
            command.Connection!.Open();
        return found;
    }

    public override ValueTask<InterceptionResult<DbDataReader>> ReaderExecutingAsync(
        DbCommand command, CommandEventData eventData, InterceptionResult<DbDataReader> result,
        CancellationToken cancellationToken = default)
    {
        var found = Find(command, eventData, result);
        return HasToOpen(command, found) ? OpenAsync(command.Connection!, found, cancellationToken) : ValueTask.FromResult(found);
    }

    public override DbDataReader ReaderExecuted(DbCommand command, CommandExecutedEventData eventData, DbDataReader result) =>
        _queries.Record(result, eventData.Duration, scope);

    public override ValueTask<DbDataReader> ReaderExecutedAsync(
        DbCommand command, CommandExecutedEventData eventData, DbDataReader result, CancellationToken cancellationToken = default) =>
        ValueTask.FromResult(_queries.Record(result, eventData.Duration, scope));

    public override InterceptionResult<int> NonQueryExecuting(
        DbCommand command, CommandEventData eventData, InterceptionResult<int> result)
    {
        Blocking.Wait(_statements.BeginAsync(command, eventData, scope));
        return result;
    }

    public override async ValueTask<InterceptionResult<int>> NonQueryExecutingAsync(
        DbCommand command, CommandEventData eventData, InterceptionResult<int> result, CancellationToken cancellationToken = default)
    {
        await _statements.BeginAsync(command, eventData, scope).ConfigureAwait(false);
        return result;
    }

    public override int NonQueryExecuted(DbCommand command, CommandExecutedEventData eventData, int result)
    {
        _statements.Invalidate(command, eventData, scope);
        return result;
    }

    public override ValueTask<int> NonQueryExecutedAsync(
        DbCommand command, CommandExecutedEventData eventData, int result, CancellationToken cancellationToken = default)
    {
        _statements.Invalidate(command, eventData, scope);
        return ValueTask.FromResult(result);
    }

    public override void CommandFailed(DbCommand command, CommandErrorEventData eventData) =>
        _statements.Invalidate(command, eventData, scope);

    public override Task CommandFailedAsync(
        DbCommand command, CommandErrorEventData eventData, CancellationToken cancellationToken = default)
    {
        _statements.Invalidate(command, eventData, scope);
        return Task.CompletedTask;
    }

    // The database may have executed the command before the cancellation took effect.
    public override void CommandCanceled(DbCommand command, CommandEndEventData eventData) =>
        _statements.Invalidate(command, eventData, scope);

    public override Task CommandCanceledAsync(
        DbCommand command, CommandEndEventData eventData, CancellationToken cancellationToken = default)
    {
        _statements.Invalidate(command, eventData, scope);
        return Task.CompletedTask;
    }

    private static async ValueTask<InterceptionResult<DbDataReader>> OpenAsync(
        DbConnection connection, InterceptionResult<DbDataReader> found, CancellationToken stop)
    {
        await connection.OpenAsync(stop).ConfigureAwait(false);
        return found;
    }

    private InterceptionResult<DbDataReader> Find(
        DbCommand command, CommandEventData eventData, InterceptionResult<DbDataReader> result) =>
        !result.HasResult && _queries.Find(command, eventData.Context!, scope) is { } rows
            ? InterceptionResult<DbDataReader>.SuppressWithResult(rows)
            : result;

    private bool HasToOpen(DbCommand command, InterceptionResult<DbDataReader> found) =>
        scope.HasDeferredOpening && !found.HasResult && command.Connection?.State == ConnectionState.Closed;
}
