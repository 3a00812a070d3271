using System.Data.Common;
using System.Transactions;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using IsolationLevel = System.Data.IsolationLevel;

namespace KafkaCaching.Tests.EntityFrameworkCore;

/// <summary>The results that transactions invalidate, and the time of the invalidation.</summary>
public sealed class EfTransactionTests(PostgresFixture postgres) : EfCacheTest(postgres)
{
    [Theory]
    [MemberData(nameof(Providers))]
    public async Task In_a_transaction_nothing_is_invalidated_before_the_commit_and_nothing_read_or_filled(Provider provider)
    {
        var pod = await StartAsync(provider);
        await NamesAsync(pod);
        await using var db = pod.Open();
        await using var transaction = await db.Database.BeginTransactionAsync(Token);
        Assert.Equal(0, await MissesAsync(pod, async () => Assert.Equal(3, await db.Users.Cached().CountAsync(Token))));
        (await db.Users.SingleAsync(static u => u.Name == "Ada", Token)).Name = "Eve";
        await db.SaveChangesAsync(Token);
        Assert.Equal("Bob", (await db.Users.OrderBy(static u => u.Name).Cached().FirstAsync(Token)).Name);
        Assert.Equal(0, await MissesAsync(pod, async () => Assert.Equal("Ada Bob Cyd", await NamesAsync(pod))));
        await transaction.CommitAsync(Token);
        Assert.Equal("Bob Cyd Eve", await NamesAsync(pod));
        Assert.Equal("Bob", (await db.Users.OrderBy(static u => u.Name).Cached().FirstAsync(Token)).Name);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_was_rolled_back_is_not_invalidated(bool explicitly)
    {
        var pod = await StartAsync();
        await NamesAsync(pod);
        await using var db = pod.Open();
        await using (var transaction = await db.Database.BeginTransactionAsync(Token))
        {
            await db.Users.ExecuteDeleteAsync(Token);
            if (explicitly)
                await transaction.RollbackAsync(Token);
        }

        Assert.Equal(0, await MissesAsync(pod, async () => Assert.Equal("Ada Bob Cyd", await NamesAsync(pod))));
    }

    [Theory]
    [MemberData(nameof(Providers))]
    public async Task Savepoints_are_a_part_of_their_transaction(Provider provider)
    {
        var pod = await StartAsync(provider);
        await NamesAsync(pod);
        await using var db = pod.Open();
        await using var transaction = await db.Database.BeginTransactionAsync(Token);
        (await db.Users.SingleAsync(static u => u.Name == "Bob", Token)).Name = "Abe";
        await db.SaveChangesAsync(Token);
        await transaction.CreateSavepointAsync("before", Token);
        await db.Users.Where(static u => u.Name == "Ada").ExecuteDeleteAsync(Token);
        await transaction.RollbackToSavepointAsync("before", Token);
        await transaction.CommitAsync(Token);
        Assert.Equal("Abe Ada Cyd", await NamesAsync(pod));
    }

    [Theory]
    [MemberData(nameof(Providers))]
    public async Task Contexts_that_share_a_transaction_are_invalidated_by_its_commit(Provider provider)
    {
        var pod = await StartAsync(provider);
        await NamesAsync(pod);
        await pod.WithAsync(static db => db.Orders.Cached().CountAsync(Token));
        await using var db = pod.Open();
        await using var transaction = await db.Database.BeginTransactionAsync(Token);
        (await db.Users.SingleAsync(static u => u.Name == "Ada", Token)).Name = "Eve";
        await db.SaveChangesAsync(Token);
        await using (var second = pod.Open(db.Database.GetDbConnection()))
        {
            await second.Database.UseTransactionAsync(transaction.GetDbTransaction(), Token);
            await second.Orders.ExecuteDeleteAsync(Token);
        }

        Assert.Equal(3, await pod.WithAsync(static db => db.Orders.Cached().CountAsync(Token)));
        await transaction.CommitAsync(Token);
        Assert.Equal(0, await pod.WithAsync(static db => db.Orders.Cached().CountAsync(Token)));
        Assert.Equal("Bob Cyd Eve", await NamesAsync(pod));
    }

    // Npgsql reuses the object of a transaction that a context began earlier on the same connection.
    [Theory]
    [InlineData(Provider.Sqlite, true)]
    [InlineData(Provider.PostgreSql, true)]
    [InlineData(Provider.PostgreSql, false)]
    public async Task A_transaction_whose_commit_can_not_be_seen_is_refused_before_anything_is_written(Provider provider, bool commits)
    {
        var pod = await StartAsync(provider);
        await using DbConnection connection = provider == Provider.Sqlite
            ? new Microsoft.Data.Sqlite.SqliteConnection(Database.Connection)
            : new Npgsql.NpgsqlConnection(Database.Connection);
        await connection.OpenAsync(Token);
        await using (var before = pod.Open(connection))
        {
            await using var own = await before.Database.BeginTransactionAsync(Token);
            await (commits ? own.CommitAsync(Token) : own.RollbackAsync(Token));
        }

        await using var transaction = await connection.BeginTransactionAsync(IsolationLevel.Serializable, Token);
        await using var db = pod.Open(connection);
        await db.Database.UseTransactionAsync(transaction, Token);
        (await db.Users.SingleAsync(static u => u.Name == "Ada", Token)).Name = "Eve";
        var refused = await Assert.ThrowsAsync<InvalidOperationException>(() => db.SaveChangesAsync(Token));
        Assert.Contains("BeginTransaction", refused.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<InvalidOperationException>(() => db.Users.ExecuteDeleteAsync(Token));
        Assert.Equal(3, await db.Users.CountAsync(Token));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Several_contexts_in_one_TransactionScope_are_invalidated_at_its_end(bool completes)
    {
        var pod = await StartAsync(Provider.PostgreSql);
        await NamesAsync(pod);
        await pod.WithAsync(static db => db.Roles.Cached().CountAsync(Token));
        using (var scope = new TransactionScope(TransactionScopeAsyncFlowOption.Enabled))
        {
            await RenameAsync(pod, "Ada", "Eve");
            await pod.WithAsync(static db => db.Roles.ExecuteUpdateAsync(static set => set.SetProperty(static r => r.Name, "x"), Token));
            Assert.Equal(0, await MissesAsync(pod, () => NamesAsync(pod)));
            if (completes)
                scope.Complete();
        }

        Assert.Equal(completes ? "Bob Cyd Eve" : "Ada Bob Cyd", await NamesAsync(pod));
        Assert.Equal(completes ? 2 : 0,
            await pod.WithAsync(static db => db.Roles.Where(static r => r.Name == "x").Cached().CountAsync(Token)));
    }
}
