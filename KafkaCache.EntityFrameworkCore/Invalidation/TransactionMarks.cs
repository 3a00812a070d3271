using System.Collections.Concurrent;
using System.Data.Common;
using System.Runtime.CompilerServices;
using System.Transactions;
using KafkaCaching.Hybrid;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;

namespace KafkaCaching.EntityFrameworkCore.Invalidation;

/// <summary>Keeps the marks of open transactions until they are committed. If a transaction ends without a commit, its marks are
/// discarded.</summary>
/// <remarks>Marks belong to the transaction and not to the context, because several contexts may share a transaction. A rollback to a
/// savepoint keeps the marks of the changes that it undid. Such marks cost extra reads but never give a wrong result.</remarks>
internal sealed class TransactionMarks(KafkaEfCache cache)
{
    private readonly ConditionalWeakTable<DbTransaction, PendingCommit> _begun = [];
    private readonly ConcurrentDictionary<string, PendingCommit> _ambient = new(StringComparer.Ordinal);
    private readonly ConditionalWeakTable<DbContext, HybridOpening> _saving = [];

    // A provider may reuse the transaction object. The marks of an earlier transaction that ended without a commit are then replaced.
    public void Begin(DbTransaction transaction) => _begun.AddOrUpdate(transaction, new PendingCommit(cache));

    /// <summary>Sets the opening of a context for the time of its save. <see langword="null"/> ends the save.</summary>
    public void Announce(DbContext context, HybridOpening? opening)
    {
        if (opening is null)
            _saving.Remove(context);
        else
            _saving.AddOrUpdate(context, opening);
    }

    /// <summary>Announces the changes that a transaction is about to commit. If <c>SaveChanges</c> began the transaction itself, its
    /// changes have already been announced, so this method only makes sure that the announcement is still in force.</summary>
    /// <exception cref="CommitRefusedException">The changes could not be announced, and <c>Invalidation</c> is
    /// <c>AroundCommit</c>.</exception>
    public async ValueTask AnnounceAsync(DbTransaction transaction, DbContext? context)
    {
        if (context is not null && _saving.TryGetValue(context, out var opening))
            await cache.Openings.RequireAsync(opening).ConfigureAwait(false);
        if (_begun.TryGetValue(transaction, out var pending))
            await pending.AnnounceAsync().ConfigureAwait(false);
    }

    /// <summary>Writes the marks of a committed transaction.</summary>
    public void Commit(DbTransaction transaction)
    {
        if (_begun.Remove(transaction, out var pending))
            pending.Complete();
    }

    /// <summary>Writes the marks of a transaction that may have been committed, or may be committed later.</summary>
    public void Fail(DbTransaction transaction)
    {
        if (_begun.TryGetValue(transaction, out var pending))
            pending.Fail();
    }

    public void RollBack(DbTransaction transaction)
    {
        if (_begun.Remove(transaction, out var pending))
            pending.RollBack();
    }

    /// <summary>Returns the commit that a statement of a context is a part of.</summary>
    /// <exception cref="InvalidOperationException">The commit of the transaction can't be observed.</exception>
    public StatementCommit CommitOf(DbContext context)
    {
        if (context.Database.CurrentTransaction is { } own)
            return _begun.TryGetValue(own.GetDbTransaction(), out var pending)
                ? new StatementCommit(cache, pending, isCertain: true)
                : throw new InvalidOperationException(
                    "The context uses a transaction that was begun outside of the contexts with this cache, so its commit can't be "
                    + "observed. Begin it with Database.BeginTransaction of a context with UseKafkaCache, and pass it to the other "
                    + "contexts with UseTransaction.");
        if ((context.Database.GetEnlistedTransaction() ?? Transaction.Current) is not { } ambient)
            return new StatementCommit(cache, pending: null, isCertain: false);

        // Some connections don't enlist in the ambient transaction, and then commit each statement immediately. So the marks are written
        // both after the statement and when the transaction ends.
        return new StatementCommit(cache, Of(ambient), isCertain: false);
    }

    private PendingCommit Of(Transaction ambient)
    {
        var id = ambient.TransactionInformation.LocalIdentifier;
        if (_ambient.TryGetValue(id, out var known))
            return known;
        var pending = new PendingCommit(cache);
        if (!_ambient.TryAdd(id, pending))
            return _ambient[id];

        // A volatile enlistment takes no part in the commit itself, so a transaction with a single database still commits in one phase.
        if (cache.Openings.AreUsed)
            ambient.EnlistVolatile(new AmbientAnnouncement(pending), EnlistmentOptions.EnlistDuringPrepareRequired);

        // The transaction may end on a thread without the execution context of the request that collects the positions of the marks, so
        // that context is captured here.
        var flow = ExecutionContext.Capture();
        ambient.TransactionCompleted += (_, end) => End(id, end.Transaction!.TransactionInformation.Status, flow);
        return pending;
    }

    private void End(string id, TransactionStatus status, ExecutionContext? flow)
    {
        if (!_ambient.TryRemove(id, out var pending))
            return;
        if (status == TransactionStatus.Aborted)
            pending.RollBack();
        else if (flow is null)
            pending.Complete();
        else
            ExecutionContext.Run(flow, static pending => ((PendingCommit)pending!).Complete(), pending);
    }
}
