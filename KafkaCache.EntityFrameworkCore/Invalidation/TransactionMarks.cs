using System.Collections.Concurrent;
using System.Data.Common;
using System.Runtime.CompilerServices;
using System.Transactions;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;

namespace KafkaCaching.EntityFrameworkCore.Invalidation;

/// <summary>Keeps the marks of open transactions until they are committed. A transaction that ends otherwise takes its marks
/// along.</summary>
/// <remarks>Marks belong to the transaction, and not to the context: contexts may share one. A rollback to a savepoint leaves the marks of
/// what it undid, which costs reads and is never wrong.</remarks>
internal sealed class TransactionMarks(KafkaEfCache cache)
{
    private readonly ConditionalWeakTable<DbTransaction, MarkSet> _begun = [];
    private readonly ConcurrentDictionary<string, MarkSet> _ambient = new(StringComparer.Ordinal);

    public void Begin(DbTransaction transaction) => _begun.TryAdd(transaction, new MarkSet());

    /// <summary>Writes the marks of a transaction that is committed, or may be.</summary>
    public Task CommitAsync(DbTransaction transaction) =>
        _begun.TryGetValue(transaction, out var marks) ? WriteAsync(marks) : Task.CompletedTask;

    public void RollBack(DbTransaction transaction)
    {
        if (_begun.TryGetValue(transaction, out var marks))
        {
            lock (marks)
                marks.Clear();
        }
    }

    /// <summary>Where the marks of a statement of a context go.</summary>
    /// <exception cref="InvalidOperationException">The commit of the transaction can't be seen.</exception>
    public StatementCommit CommitOf(DbContext context)
    {
        if (context.Database.CurrentTransaction is { } own)
            return _begun.TryGetValue(own.GetDbTransaction(), out var pending)
                ? new StatementCommit(cache.Marks, pending, isCertain: true)
                : throw new InvalidOperationException(
                    "The context uses a transaction that was begun outside of the contexts with this cache, so that its commit can't be "
                    + "seen. Begin it with Database.BeginTransaction of a context with UseKafkaCache, and give it to the others by "
                    + "UseTransaction.");
        if ((context.Database.GetEnlistedTransaction() ?? Transaction.Current) is not { } ambient)
            return new StatementCommit(cache.Marks, pending: null, isCertain: false);

        // Some connections don't enlist, and then the statement is committed already. So the marks are written now, and again at the end.
        return new StatementCommit(cache.Marks, Of(ambient), isCertain: false);
    }

    private MarkSet Of(Transaction ambient)
    {
        var id = ambient.TransactionInformation.LocalIdentifier;
        if (_ambient.TryGetValue(id, out var known))
            return known;
        var marks = new MarkSet();
        if (!_ambient.TryAdd(id, marks))
            return _ambient[id];
        ambient.TransactionCompleted += (_, end) => End(id, end.Transaction!.TransactionInformation.Status);
        return marks;
    }

    private void End(string id, TransactionStatus status)
    {
        if (_ambient.TryRemove(id, out var marks) && status != TransactionStatus.Aborted)
            Blocking.Wait(() => WriteAsync(marks));
    }

    private Task WriteAsync(MarkSet marks)
    {
        IReadOnlyCollection<string> tags;
        lock (marks)
        {
            tags = marks.Tags;
            marks.Clear();
        }

        return cache.Marks.WriteAsync(tags);
    }
}
