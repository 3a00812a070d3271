using System.Text;
using System.Transactions;
using KafkaCaching.EntityFrameworkCore;
using KafkaCaching.Tests.Brokers;
using KafkaCaching.Tests.Hybrid.Openings;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;

namespace KafkaCaching.Tests.EntityFrameworkCore;

/// <summary>Commits with <c>KafkaEfInvalidation.AroundCommit</c>, which are announced first.</summary>
public sealed class EfAroundCommitTests(PostgresFixture postgres) : EfCacheTest(postgres)
{
    [Theory]
    [MemberData(nameof(EfWrites.All), MemberType = typeof(EfWrites))]
    public async Task Between_a_commit_and_its_marks_every_pod_reads_the_database(Writing writing)
    {
        var log = new GatedLog(Topic);
        var (one, two) = (await StartAsync(log, EfWrites.ProviderOf(writing)), await StartAsync(Topic));
        foreach (var pod in new[] { one, two })
            Assert.Equal("Ada Bob Cyd", await NamesAsync(pod));
        await Topic.SettleAsync(Token);
        var write = Task.Run(() => WriteAsync(one, writing, () => log.Hold("\0tag/")), Token);
        await Eventually.TrueAsync(() => log.IsHolding);
        await Topic.SettleAsync(Token);
        foreach (var pod in new[] { one, two })
        {
            Assert.Equal("Bob Cyd Eve", await NamesAsync(pod));
            Assert.Equal("Eve", await NameOfAsync(pod, ShopData.Ada));
        }

        log.Release();
        await write;
        await ClosedAsync(one);
        Assert.Equal("Bob Cyd Eve", await NamesAsync(two));
        Assert.Equal(0, await MissesAsync(two, () => NamesAsync(two)));
    }

    [Theory]
    [MemberData(nameof(EfWrites.All), MemberType = typeof(EfWrites))]
    public async Task A_commit_that_can_not_be_announced_is_refused_before_the_database_has_changed(Writing writing)
    {
        var log = new GatedLog(Topic);
        var pod = await StartAsync(log, EfWrites.ProviderOf(writing));
        await NamesAsync(pod);
        log.IsRefused = true;
        var refused = await Record.ExceptionAsync(() => WriteAsync(pod, writing));
        var told = Assert.IsType<CommitRefusedException>(refused is TransactionAbortedException ? refused.InnerException : refused);
        Assert.Contains("AroundCommitWhenPossible", told.Message, StringComparison.Ordinal);
        Assert.Equal("Ada Bob Cyd", await NamesInDatabaseAsync());
        log.IsRefused = false;
        await WriteAsync(pod, writing);
        Assert.Equal("Bob Cyd Eve", await NamesAsync(pod));
    }

    [Fact]
    public async Task A_transaction_whose_commit_was_refused_may_be_committed_later()
    {
        var log = new GatedLog(Topic);
        var pod = await StartAsync(log);
        await using var db = pod.Open();
        await using var transaction = await db.Database.BeginTransactionAsync(Token);
        (await db.Users.SingleAsync(static u => u.Name == "Ada", Token)).Name = "Eve";
        await db.SaveChangesAsync(Token);
        log.IsRefused = true;
        await Assert.ThrowsAsync<CommitRefusedException>(() => transaction.CommitAsync(Token));
        log.IsRefused = false;
        await FlushLateAsync(pod);
        await NamesAsync(pod);
        Assert.Equal(0, await MissesAsync(pod, () => NamesAsync(pod)));
        await transaction.CommitAsync(Token);
        Assert.Equal("Bob Cyd Eve", await NamesAsync(pod));
    }

    [Theory]
    [MemberData(nameof(EfWrites.All), MemberType = typeof(EfWrites))]
    public async Task A_commit_continues_without_an_announcement_where_the_option_allows_it(Writing writing)
    {
        var log = new GatedLog(Topic);
        var pod = await StartAsync(log, EfWrites.ProviderOf(writing), KafkaEfInvalidation.AroundCommitWhenPossible);
        await NamesAsync(pod);
        log.IsRefused = true;
        await WriteAsync(pod, writing);
        Assert.Equal("Bob Cyd Eve", await NamesInDatabaseAsync());
        Assert.Equal("Bob Cyd Eve", await NamesAsync(pod));
        Assert.Contains(pod.Log.Logger.Lines, static line => line.Id == 583);
    }

    [Fact]
    public async Task Brokers_that_do_not_answer_are_waited_for_no_longer_than_InvalidationTimeout()
    {
        var log = new GatedLog(Topic);
        var pod = await StartAsync(log);
        log.Hold("\0open/");
        var write = Task.Run(() => WriteAsync(pod, Writing.SaveChanges), Token);
        await Eventually.TrueAsync(() => log.IsHolding);
        await OutwaitAsync(write);
        await Assert.ThrowsAsync<CommitRefusedException>(() => write);
        Assert.Equal("Ada Bob Cyd", await NamesInDatabaseAsync());
        log.Release();
    }

    [Theory]
    [MemberData(nameof(EfWrites.All), MemberType = typeof(EfWrites))]
    public async Task A_pod_that_dies_between_a_commit_and_its_marks_leaves_nothing_old(Writing writing)
    {
        var log = new GatedLog(Topic);
        var (one, two) = (await StartAsync(log, EfWrites.ProviderOf(writing)), await StartAsync(Topic));
        await NamesAsync(two);
        await WriteAsync(one, writing, () => log.DieAt("\0tag/"));
        Assert.True(log.IsDead);
        await Topic.SettleAsync(Token);
        Assert.Equal("Bob Cyd Eve", await NamesAsync(two));
        await Database.ExecuteUnseenAsync($"""UPDATE "users" SET "Name" = 'Fay' WHERE "Name" = 'Eve'""");
        Assert.Equal("Bob Cyd Fay", await NamesAsync(two));

        // The other pod invalidates the tags that the dead pod had announced.
        await Eventually.TrueAsync(() =>
        {
            Clock.Advance(TimeSpan.FromSeconds(1));
            return KeysOf("\0end/").Count > 0;
        });
        await Topic.SettleAsync(Token);
        Assert.Equal("Bob Cyd Fay", await NamesAsync(two));
        Assert.Equal(0, await MissesAsync(two, () => NamesAsync(two)));
    }

    [Fact]
    public async Task With_AfterCommit_such_a_death_leaves_old_results_until_TimeToLive_and_no_longer()
    {
        var log = new GatedLog(Topic);
        var (one, two) = (await StartAsync(log, invalidation: KafkaEfInvalidation.AfterCommit), await StartAsync(Topic));
        await NamesAsync(two);
        await Topic.SettleAsync(Token);
        log.DieAt("\0tag/");
        await WriteAsync(one, Writing.SaveChanges);
        Assert.True(log.IsDead);
        Assert.Equal("Ada Bob Cyd", await NamesAsync(two));
        Clock.Advance(TimeSpan.FromSeconds(59));
        Assert.Equal("Ada Bob Cyd", await NamesAsync(two));
        Clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal("Bob Cyd Eve", await NamesAsync(two));
    }

    [Theory]
    [InlineData(Provider.Sqlite)]
    [InlineData(Provider.PostgreSql)]
    public async Task A_transaction_that_is_rolled_back_announces_nothing(Provider provider)
    {
        var pod = await StartAsync(Topic, provider);
        await NamesAsync(pod);
        await using var db = pod.Open();
        await using (var transaction = await db.Database.BeginTransactionAsync(Token))
        {
            await db.Users.ExecuteDeleteAsync(Token);
            await transaction.RollbackAsync(Token);
        }

        Assert.Empty(KeysOf("\0open/"));
        Assert.Equal(0, await MissesAsync(pod, () => NamesAsync(pod)));
    }

    [Fact]
    public async Task A_TransactionScope_that_aborts_after_it_was_announced_is_closed_without_marks()
    {
        var pod = await StartAsync(Topic, Provider.PostgreSql);
        await NamesAsync(pod);
        var scope = new TransactionScope(TransactionScopeAsyncFlowOption.Enabled);
        await RenameAsync(pod);
        await ClosedAsync(pod);
        var (opened, marks) = (KeysOf("\0open/").Count, KeysOf("\0tag/").Count);
        Transaction.Current!.EnlistVolatile(new Objector(), EnlistmentOptions.EnlistDuringPrepareRequired);
        scope.Complete();
        Assert.Throws<TransactionAbortedException>(scope.Dispose);
        await ClosedAsync(pod);
        Assert.Equal(opened + 2, KeysOf("\0open/").Count);
        Assert.Equal(marks, KeysOf("\0tag/").Count);
        Assert.Equal("Ada Bob Cyd", await NamesAsync(pod));
        Assert.Equal(0, await MissesAsync(pod, () => NamesAsync(pod)));
    }

    [Theory]
    [InlineData(Provider.Sqlite)]
    [InlineData(Provider.PostgreSql)]
    public async Task Contexts_and_savepoints_of_a_transaction_are_announced_once_right_before_its_commit(Provider provider)
    {
        var (pod, two) = (await StartAsync(Topic, provider), await StartAsync(Topic));
        await NamesAsync(two);
        await using var db = pod.Open();
        await using var transaction = await db.Database.BeginTransactionAsync(Token);
        (await db.Users.SingleAsync(static u => u.Name == "Ada", Token)).Name = "Eve";
        await db.SaveChangesAsync(Token);
        await transaction.CreateSavepointAsync("here", Token);
        await db.Roles.ExecuteDeleteAsync(Token);
        await transaction.RollbackToSavepointAsync("here", Token);
        await using (var second = pod.Open(db.Database.GetDbConnection()))
        {
            await second.Database.UseTransactionAsync(transaction.GetDbTransaction(), Token);
            await second.Orders.ExecuteDeleteAsync(Token);
        }

        Assert.Empty(KeysOf("\0open/"));
        Assert.Equal(0, await MissesAsync(two, () => NamesAsync(two)));
        await transaction.CommitAsync(Token);
        await ClosedAsync(pod);
        Assert.Equal(2, KeysOf("\0open/").Count);
        Assert.Equal("Bob Cyd Eve", await NamesAsync(two));
        Assert.Equal(0, await two.WithAsync(static db => db.Orders.Cached().CountAsync(Token)));
    }

    [Fact]
    public async Task A_row_whose_key_the_database_gives_counts_as_any_row_until_it_has_one()
    {
        var log = new GatedLog(Topic);
        var (one, two) = (await StartAsync(log), await StartAsync(Topic));
        Task<Order?> Fourth(EfPod pod) => pod.WithAsync(static db => db.Orders.FindCachedAsync(4));
        Assert.Null(await Fourth(two));
        await Topic.SettleAsync(Token);
        log.Hold("\0tag/");
        var write = Task.Run(
            () => one.WithAsync(static async db =>
            {
                db.Add(new Order { UserId = ShopData.Ada, Total = 7 });
                return await db.SaveChangesAsync(Token);
            }),
            Token);
        await Eventually.TrueAsync(() => log.IsHolding);
        await Topic.SettleAsync(Token);
        Assert.Equal(7, (await Fourth(two))!.Total);
        log.Release();
        await write;
    }

    [Fact]
    public async Task The_marks_come_after_the_announcement_and_before_it_is_closed()
    {
        var log = new GatedLog(Topic);
        var pod = await StartAsync(log);
        log.Hold("\0tag/");
        var write = Task.Run(() => WriteAsync(pod, Writing.SaveChanges), Token);
        await Eventually.TrueAsync(() => log.IsHolding);
        Assert.Single(KeysOf("\0open/"));
        Assert.Empty(KeysOf("\0tag/"));
        log.Release();
        await write;
        await ClosedAsync(pod);
        var kinds = Topic.Records.Where(static record => record.Key![0] == 0).OrderBy(static record => record.Position.Partition)
            .Select(static record => Encoding.UTF8.GetString(record.Key!)[..5]).ToHashSet();
        Assert.Equal(["\0open", "\0tag/"], kinds.Order(StringComparer.Ordinal));
        Assert.Equal(2, KeysOf("\0open/").Count);
    }

    [Fact]
    public async Task A_row_of_another_table_stays_a_hit_while_a_commit_is_announced()
    {
        var log = new GatedLog(Topic);
        var (one, two) = (await StartAsync(log), await StartAsync(Topic));
        await NameOfAsync(two, ShopData.Bob);
        await two.WithAsync(static db => db.Roles.Cached().CountAsync(Token));
        log.Hold("\0tag/");
        var write = Task.Run(() => RenameAsync(one), Token);
        await Eventually.TrueAsync(() => log.IsHolding);
        await Topic.SettleAsync(Token);
        Assert.Equal(0, await MissesAsync(two, () => NameOfAsync(two, ShopData.Bob)));
        Assert.Equal(0, await MissesAsync(two, () => two.WithAsync(static db => db.Roles.Cached().CountAsync(Token))));
        log.Release();
        await write;
    }

    [Theory]
    [InlineData(0.5, 0)]
    [InlineData(601, 0)]
    [InlineData(30, 9)]
    public async Task A_lease_or_a_mode_that_is_not_allowed_stops_the_start(double lease, int invalidation)
    {
        var refused = await Assert.ThrowsAnyAsync<Exception>(() => base.StartAsync(configure: options =>
        {
            options.CommitLease = TimeSpan.FromSeconds(lease);
            options.Invalidation = (KafkaEfInvalidation)invalidation;
        }));
        Assert.Contains(invalidation == 0 ? "CommitLease" : "Invalidation is 9", refused.Message, StringComparison.Ordinal);
    }

    /// <param name="pod">The pod that writes.</param>
    /// <param name="writing">The way in which it writes.</param>
    /// <param name="atCommit">Called before the commit, when the next marks that are written are those of the commit.</param>
    private static async Task WriteAsync(EfPod pod, Writing writing, Action? atCommit = null)
    {
        await EfWrites.RenameAdaAsync(
            () => pod.Open(), writing, async () =>
            {
                await pod.MarkedAsync();
                atCommit?.Invoke();
            });
        await pod.MarkedAsync();
    }

    private static Task<int> RenameAsync(EfPod pod) => pod.WithAsync(EfWrites.RenameAdaAsync);

    private async Task<string> NamesInDatabaseAsync()
    {
        await using var db = Database.Open();
        return string.Join(' ', await db.Users.OrderBy(static u => u.Name).Select(static u => u.Name).ToListAsync(Token));
    }

    private Task<EfPod> StartAsync(
        Logs.ITopicLog log, Provider provider = Provider.Sqlite, KafkaEfInvalidation invalidation = KafkaEfInvalidation.AroundCommit) =>
        StartAsync(provider, options => (options.Hybrid.Log, options.Invalidation) = (log, invalidation));

    /// <summary>Waits until a pod has written that it has no open tags, and all pods have applied this record.</summary>
    private async Task ClosedAsync(EfPod pod)
    {
        await pod.Cache.FlushAsync(Token);
        await Eventually.TrueAsync(() => pod.Cache.Hybrid.Parts.Openings.IsWritten);
        await Topic.SettleAsync(Token);
    }

    private List<string> KeysOf(string prefix) =>
        [
            .. Topic.Records.Select(static record => Encoding.UTF8.GetString(record.Key!))
                .Where(key => key.StartsWith(prefix, StringComparison.Ordinal)),
        ];

    /// <summary>A transaction participant that refuses the commit after the commit has been announced.</summary>
    private sealed class Objector : IEnlistmentNotification
    {
        public void Prepare(PreparingEnlistment preparingEnlistment) => preparingEnlistment.ForceRollback();

        public void Commit(Enlistment enlistment) => enlistment.Done();

        public void Rollback(Enlistment enlistment) => enlistment.Done();

        public void InDoubt(Enlistment enlistment) => enlistment.Done();
    }
}
