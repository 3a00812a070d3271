using KafkaCaching.EntityFrameworkCore.Hosting;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Storage;
using Microsoft.EntityFrameworkCore.Update;

namespace KafkaCaching.EntityFrameworkCore.Invalidation;

/// <summary>The steps of <c>SaveChanges</c>: collect the changes → announce them → save → invalidate, or leave the invalidation to the
/// commit of the transaction.</summary>
/// <remarks>Entity Framework calls this class after it has detected the changes, to pass them to the database. It calls an interceptor
/// before it detects them, so an interceptor would have to detect the changes a second time.</remarks>
internal sealed class InvalidatingDatabase(
    DatabaseDependencies dependencies, RelationalDatabaseDependencies relationalDependencies, ICurrentDbContext current,
    IDbContextOptions options)
    : RelationalDatabase(dependencies, relationalDependencies)
{
    private readonly KafkaEfCache _cache = options.FindExtension<KafkaCacheOptionsExtension>()!.Cache;

    public override int SaveChanges(IList<IUpdateEntry> entries)
    {
        var commit = Begin(entries, out var changes);
        Blocking.Wait(OpenAsync(commit, changes));
        try
        {
            return base.SaveChanges(entries);
        }
        finally
        {
            changes.AddAfter();
            Complete(commit, changes);
        }
    }

    public override async Task<int> SaveChangesAsync(IList<IUpdateEntry> entries, CancellationToken cancellationToken = default)
    {
        var commit = Begin(entries, out var changes);
        await OpenAsync(commit, changes).ConfigureAwait(false);
        try
        {
            return await base.SaveChangesAsync(entries, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            // The save may have failed after the commit, so a failed save invalidates too.
            changes.AddAfter();
            Complete(commit, changes);
        }
    }

    private StatementCommit Begin(IList<IUpdateEntry> entries, out SavedChanges changes)
    {
        changes = new SavedChanges(entries, _cache.TablesOf(current.Context), _cache.Options.MaxMarkedRows);
        changes.Require();
        var commit = _cache.Transactions.CommitOf(current.Context);
        changes.AddBefore();
        return commit;
    }

    private async ValueTask OpenAsync(StatementCommit commit, SavedChanges changes)
    {
        if (!_cache.Openings.AreUsed)
            return;
        await commit.OpenAsync(changes.Expected()).ConfigureAwait(false);
        _cache.Transactions.Announce(current.Context, commit.Opening);
    }

    private void Complete(StatementCommit commit, SavedChanges changes)
    {
        _cache.Transactions.Announce(current.Context, opening: null);
        commit.Complete(changes.Marks);
    }
}
