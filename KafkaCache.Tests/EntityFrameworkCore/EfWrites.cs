using System.Transactions;
using Microsoft.EntityFrameworkCore;

namespace KafkaCaching.Tests.EntityFrameworkCore;

/// <summary>A way to change a row.</summary>
public enum Writing
{
    SaveChanges,
    SaveChangesBlocking,
    SeveralStatements,
    Transaction,
    TransactionBlocking,
    TransactionScope,
    Bulk,
    BulkBlocking,
    RawSql,
}

/// <summary>Makes one change in all ways.</summary>
public static class EfWrites
{
    public static TheoryData<Writing> All => [.. Enum.GetValues<Writing>()];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>A provider that supports this way. Connections of SQLite don't enlist in ambient transactions.</summary>
    internal static Provider ProviderOf(Writing writing) =>
        writing == Writing.TransactionScope ? Provider.PostgreSql : Provider.Sqlite;

    /// <summary>Renames Ada to Eve.</summary>
    /// <param name="open">Opens a context.</param>
    /// <param name="writing">The way in which the change is made.</param>
    /// <param name="atCommit">Called before the commit, when the next marks that are written are those of the commit.</param>
    internal static async Task RenameAdaAsync(Func<ShopContext> open, Writing writing, Func<Task>? atCommit = null)
    {
        await using var db = open();
        if (writing != Writing.TransactionScope && atCommit is not null)
            await atCommit();
        switch (writing)
        {
            case Writing.SaveChanges:
                await RenameAdaAsync(db);
                break;
            case Writing.SaveChangesBlocking:
                db.Users.Single(static u => u.Name == "Ada").Name = "Eve";
                db.SaveChanges();
                break;
            case Writing.SeveralStatements:
                db.Add(new Order { UserId = ShopData.Bob, Total = 1 });
                await RenameAdaAsync(db);
                break;
            case Writing.Transaction:
                await using (var transaction = await db.Database.BeginTransactionAsync(Token))
                {
                    await RenameAdaAsync(db);
                    await transaction.CommitAsync(Token);
                }

                break;
            case Writing.TransactionBlocking:
                using (var transaction = db.Database.BeginTransaction())
                {
                    Ada(db).ExecuteUpdate(static set => set.SetProperty(static u => u.Name, "Eve"));
                    transaction.Commit();
                }

                break;
            case Writing.TransactionScope:
                using (var scope = new TransactionScope(TransactionScopeAsyncFlowOption.Enabled))
                {
                    await RenameAdaAsync(db);
                    if (atCommit is not null)
                        await atCommit();
                    scope.Complete();
                }

                break;
            case Writing.Bulk:
                await Ada(db).ExecuteUpdateAsync(static set => set.SetProperty(static u => u.Name, "Eve"), Token);
                break;
            case Writing.BulkBlocking:
                Ada(db).ExecuteUpdate(static set => set.SetProperty(static u => u.Name, "Eve"));
                break;
            default:
                await db.Database.ExecuteSqlAsync($"""UPDATE "users" SET "Name" = 'Eve' WHERE "Name" = 'Ada'""", Token);
                break;
        }
    }

    internal static async Task<int> RenameAdaAsync(ShopContext db)
    {
        (await db.Users.SingleAsync(static u => u.Name == "Ada", Token)).Name = "Eve";
        return await db.SaveChangesAsync(Token);
    }

    private static IQueryable<User> Ada(ShopContext db) => db.Users.Where(static u => u.Name == "Ada");
}
