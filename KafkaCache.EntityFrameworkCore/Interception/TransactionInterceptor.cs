using System.Data.Common;
using KafkaCaching.EntityFrameworkCore.Hosting;
using KafkaCaching.EntityFrameworkCore.Invalidation;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.EntityFrameworkCore.Infrastructure;

namespace KafkaCaching.EntityFrameworkCore.Interception;

/// <summary>Tracks the transactions of contexts from their beginning until they are committed or rolled back.</summary>
internal sealed class TransactionInterceptor(IDbContextOptions options) : DbTransactionInterceptor
{
    private readonly TransactionMarks _transactions = options.FindExtension<KafkaCacheOptionsExtension>()!.Cache.Transactions;

    public override DbTransaction TransactionStarted(DbConnection connection, TransactionEndEventData eventData, DbTransaction result)
    {
        _transactions.Begin(result);
        return result;
    }

    public override ValueTask<DbTransaction> TransactionStartedAsync(
        DbConnection connection, TransactionEndEventData eventData, DbTransaction result, CancellationToken cancellationToken = default) =>
        ValueTask.FromResult(TransactionStarted(connection, eventData, result));

    public override InterceptionResult TransactionCommitting(
        DbTransaction transaction, TransactionEventData eventData, InterceptionResult result)
    {
        Blocking.Wait(_transactions.AnnounceAsync(transaction, eventData.Context));
        return result;
    }

    public override async ValueTask<InterceptionResult> TransactionCommittingAsync(
        DbTransaction transaction, TransactionEventData eventData, InterceptionResult result, CancellationToken cancellationToken = default)
    {
        await _transactions.AnnounceAsync(transaction, eventData.Context).ConfigureAwait(false);
        return result;
    }

    public override void TransactionCommitted(DbTransaction transaction, TransactionEndEventData eventData) =>
        _transactions.Commit(transaction);

    public override Task TransactionCommittedAsync(
        DbTransaction transaction, TransactionEndEventData eventData, CancellationToken cancellationToken = default)
    {
        _transactions.Commit(transaction);
        return Task.CompletedTask;
    }

    public override void TransactionRolledBack(DbTransaction transaction, TransactionEndEventData eventData) =>
        _transactions.RollBack(transaction);

    public override Task TransactionRolledBackAsync(
        DbTransaction transaction, TransactionEndEventData eventData, CancellationToken cancellationToken = default)
    {
        _transactions.RollBack(transaction);
        return Task.CompletedTask;
    }

    // A commit that seems to have failed may have succeeded in the database, if only the response was lost. It may also be retried.
    public override void TransactionFailed(DbTransaction transaction, TransactionErrorEventData eventData) =>
        _transactions.Fail(transaction);

    public override Task TransactionFailedAsync(
        DbTransaction transaction, TransactionErrorEventData eventData, CancellationToken cancellationToken = default)
    {
        _transactions.Fail(transaction);
        return Task.CompletedTask;
    }
}
