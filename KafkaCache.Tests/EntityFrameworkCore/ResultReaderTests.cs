using System.Data.Common;
using System.Globalization;
using KafkaCaching.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace KafkaCaching.Tests.EntityFrameworkCore;

/// <summary>Queries whose results are cached as objects: what they have in common with other cached queries, and the differences.</summary>
public sealed class ResultReaderTests(PostgresFixture postgres) : EfCacheTest(postgres)
{
    private static readonly CachedQuery<ShopContext, int, string> NamesOf = CachedQuery.Create(
        "names-of", static (ShopContext db, int group) =>
            db.Users.Where(u => u.GroupId == group).OrderBy(static u => u.Name).Select(static u => u.Name));

    private static readonly CachedQuery<ShopContext, int, string> ByGroup = CachedQuery.Create(
        "by-group", static (ShopContext db, int group) => db.Users.Where(u => u.GroupId == group)
            .Cached(c => c.By(static u => u.GroupId, group).ExpireAfter(TimeSpan.FromSeconds(10))).Select(static u => u.Name));

    private static int Static { get; set; }

    [Theory]
    [MemberData(nameof(Providers))]
    public async Task All_first_and_count_are_read_once_for_each_parameter(Provider provider)
    {
        var pod = await StartAsync(provider);
        for (var i = 0; i < 2; i++)
        {
            await using var db = pod.Open();
            Assert.Equal(["Ada", "Bob"], await NamesOf.ToListAsync(db, 1, Token));
            Assert.Equal(["Cyd"], await NamesOf.ToListAsync(db, 2, Token));
            Assert.Empty(await NamesOf.ToListAsync(db, 9, Token));
            Assert.Equal("Ada", await NamesOf.FirstOrDefaultAsync(db, 1, Token));
            Assert.Null(await NamesOf.FirstOrDefaultAsync(db, 9, Token));
            Assert.Equal(2, await NamesOf.CountAsync(db, 1, Token));
        }

        Assert.Equal((6, 6), (pod.Counts.Misses, pod.Counts.Hits));
    }

    [Fact]
    public async Task Several_parameters_are_a_tuple_and_different_lists_have_different_keys()
    {
        var pod = await StartAsync();
        await using var db = pod.Open();
        var both = CachedQuery.Create("both", static (ShopContext context, (int Group, string Name) by) =>
            context.Users.Where(u => u.GroupId == by.Group && u.Name != by.Name).OrderBy(static u => u.Name).Select(static u => u.Name));
        Assert.Equal(["Bob"], await both.ToListAsync(db, (1, "Ada"), Token));
        Assert.Equal(["Ada"], await both.ToListAsync(db, (1, "Bob"), Token));
        var any = CachedQuery.Create("any", static (ShopContext context, string[] names) =>
            context.Users.Where(u => names.Contains(u.Name)).OrderBy(static u => u.Name).Select(static u => u.Name));
        Assert.Equal(["Ada", "Cyd"], await any.ToListAsync(db, ["Ada", "Cyd"], Token));
        Assert.Equal(["Ada"], await any.ToListAsync(db, ["Ada"], Token));
        var maybe = CachedQuery.Create("maybe", static (ShopContext context, string? city) =>
            context.Users.Where(u => u.Address!.City == city).OrderBy(static u => u.Name).Select(static u => u.Name));
        Assert.Equal(["Ada", "Bob", "Cyd"], await maybe.ToListAsync(db, null, Token));
        Assert.Empty(await maybe.ToListAsync(db, "", Token));
        var context = await Assert.ThrowsAsync<NotSupportedException>(
            async () => await CachedQuery.Create("mail", static (ShopContext c, Email mail) => c.Users.Where(u => u.Email == mail))
                .ToListAsync(db, new Email(""), Token));
        Assert.Contains("Pass it as text", context.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Another_lambda_under_the_same_name_has_results_of_its_own()
    {
        var pod = await StartAsync();
        await using var db = pod.Open();
        await NamesOf.ToListAsync(db, 1, Token);
        var next = CachedQuery.Create("names-of", static (ShopContext db, int group) =>
            db.Users.Where(u => u.GroupId == group).OrderByDescending(static u => u.Name).Select(static u => u.Name));
        Assert.Equal(["Bob", "Ada"], await next.ToListAsync(db, 1, Token));
        var same = CachedQuery.Create("names-of", static (ShopContext db, int number) =>
            db.Users.Where(user => user.GroupId == number).OrderBy(static u => u.Name).Select(static user => user.Name));
        Assert.Equal(0, await MissesAsync(pod, async () => await same.ToListAsync(db, 1, Token)));
    }

    [Fact]
    public async Task What_is_changed_is_read_again_here_and_in_another_pod()
    {
        var (one, two) = (await StartAsync(), await StartAsync());
        Task<string> NamesAsync(EfPod pod, int group) =>
            pod.WithAsync(async db => string.Join(' ', await NamesOf.ToListAsync(db, group, Token)));
        Assert.Equal("Ada Bob", await NamesAsync(one, 1));
        await Topic.SettleAsync(Token);
        Assert.Equal("Ada Bob", await NamesAsync(two, 1));
        await one.WithAsync(async db =>
        {
            (await db.Users.SingleAsync(static u => u.Id == ShopData.Bob, Token)).GroupId = 2;
            return await db.SaveChangesAsync(Token);
        });
        Assert.Equal("Ada", await NamesAsync(one, 1));
        await one.MarkedAsync();
        await Topic.SettleAsync(Token);
        Assert.Equal("Ada", await NamesAsync(two, 1));
        Assert.Equal("Bob Cyd", await NamesAsync(two, 2));
    }

    [Fact]
    public async Task While_an_invalidation_is_not_written_this_pod_reads_the_database()
    {
        var pod = await StartAsync();
        Task<string> ReadAsync() => pod.WithAsync(
            async db => $"{string.Join(' ', await NamesOf.ToListAsync(db, 1, Token))}, {await NameOfAsync(pod, ShopData.Ada)}");
        Assert.Equal("Ada Bob, Ada", await ReadAsync());
        await Topic.SettleAsync(Token);
        Topic.FailPuts(count: 1_000);
        for (var i = 0; i < 2; i++)
        {
            var name = $"A{i}";
            await pod.WithAsync(async db =>
            {
                (await db.Users.SingleAsync(static u => u.Id == ShopData.Ada, Token)).Name = name;
                return await db.SaveChangesAsync(Token);
            });
            Assert.Equal($"A{i} Bob, A{i}", await ReadAsync());
        }

        Topic.FailPuts(count: 0);
        await Brokers.Eventually.TrueAsync(() =>
        {
            Clock.Advance(TimeSpan.FromSeconds(1));
            return pod.Log.Logger.Lines.Any(static line => line.Id == 582);
        });
        await ReadAsync();
        Assert.Equal(0, await MissesAsync(pod, async () => Assert.Equal("A1 Bob, A1", await ReadAsync())));
    }

    [Fact]
    public async Task Cached_in_the_lambda_says_more_of_the_result()
    {
        var pod = await StartAsync();
        Task<string> ReadAsync(int group) =>
            pod.WithAsync(async db => string.Join(' ', (await ByGroup.ToListAsync(db, group, Token)).Order()));
        Assert.Equal("Ada Bob", await ReadAsync(1));
        Assert.Equal("Cyd", await ReadAsync(2));
        await pod.WithAsync(async db =>
        {
            (await db.Users.SingleAsync(static u => u.Id == ShopData.Cyd, Token)).Name = "Eve";
            return await db.SaveChangesAsync(Token);
        });
        Assert.Equal(0, await MissesAsync(pod, () => ReadAsync(1)));
        Assert.Equal(1, await MissesAsync(pod, async () => Assert.Equal("Eve", await ReadAsync(2))));
        Clock.Advance(TimeSpan.FromSeconds(11));
        Assert.Equal(1, await MissesAsync(pod, () => ReadAsync(1)));
    }

    [Fact]
    public async Task The_rules_of_cached_queries_hold()
    {
        var tenant = "a";
        var pod = await StartAsync(configure: options => options.Tenant = _ => tenant);
        await using var db = pod.Open();
        async Task<long> MissesAsync(ShopContext context) => await EfCacheTest.MissesAsync(
            pod, async () => Assert.Equal(["Ada", "Bob"], await NamesOf.ToListAsync(context, 1, Token)));
        var requests = 0L;
        async Task NoneAsync(ShopContext context)
        {
            requests = pod.Counts.Requests;
            Assert.Equal(2, (await NamesOf.ToListAsync(context, 1, Token)).Count);
            Assert.NotNull(await context.Users.FindCachedAsync([ShopData.Ada], Token));
            Assert.NotNull(context.Users.FindCached(ShopData.Ada));
            Assert.Equal(requests, pod.Counts.Requests);
        }

        await using (await db.Database.BeginTransactionAsync(Token))
            await NoneAsync(db);
        pod.Cache.IsEnabled = false;
        await NoneAsync(db);
        pod.Cache.IsEnabled = true;
        await using (var replica = pod.Open(use: KafkaEfCacheUse.InvalidateOnly))
            await NoneAsync(replica);
        Assert.Equal(1, await MissesAsync(db));
        Assert.Equal(0, await MissesAsync(db));
        tenant = "b";
        Assert.Equal(1, await MissesAsync(db));
        await using var without = Database.Open();
        Assert.Contains(
            "UseKafkaCache", (await Assert.ThrowsAsync<InvalidOperationException>(async () => await NamesOf.ToListAsync(without, 1, Token)))
                .Message, StringComparison.Ordinal);
        using var stop = new CancellationTokenSource();
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await NamesOf.ToListAsync(db, 1, stop.Token));
    }

    [Fact]
    public async Task Entities_of_a_hit_are_the_callers_own_and_saving_one_throws()
    {
        var pod = await StartAsync();
        var users = CachedQuery.Create(
            "users", static (ShopContext db) => db.Users.Include(static u => u.Orders).OrderBy(static u => u.Name));
        for (var i = 0; i < 2; i++)
        {
            await using var db = pod.Open();
            var found = (await db.Users.FindCachedAsync(ShopData.Bob))!;
            var listed = (await users.ToListAsync(db, Token))[1];
            Assert.Empty(db.ChangeTracker.Entries());
            Assert.Equal(("Bob", "Bob"), (found.Name, listed.Name));
            (found.Name, listed.Name) = ("Eve", "Eve");
            foreach (var entity in new object[] { found, listed, listed.Orders[0] })
            {
                db.Remove(entity);
                Assert.Contains(
                    ".Cached()", (await Assert.ThrowsAsync<InvalidOperationException>(() => db.SaveChangesAsync(Token))).Message,
                    StringComparison.Ordinal);
                db.ChangeTracker.Clear();
            }
        }
    }

    [Fact]
    public async Task What_the_key_would_not_have_is_refused_with_what_to_write_instead()
    {
        var pod = await StartAsync();
        await using var db = pod.Open();
        var outside = 1;
        await RefusesAsync("from outside", db, CachedQuery.Create("q", (ShopContext c) => c.Users.Where(u => u.GroupId == outside)));
        await RefusesAsync("Static", db, CachedQuery.Create("q", static (ShopContext c) => c.Users.Where(static u => u.GroupId == Static)));
        await RefusesAsync(
            "ChangeTracker", db, CachedQuery.Create("q", static (ShopContext c) => c.Users.Where(u => c.ChangeTracker.HasChanges())));
        await RefusesAsync(
            "Shout", db, CachedQuery.Create("q", static (ShopContext c) => c.Users.Select(static u => Shout(u.Name))));
        await RefusesAsync("Active", db, CachedQuery.Create("q", static (ShopContext c) => Active(c)));
        await RefusesAsync("DependsOn", db, CachedQuery.Create("q", static (ShopContext c) => c.OrderTotals));
        await RefusesAsync("AsTracking", db, CachedQuery.Create("q", static (ShopContext c) => c.Users.AsTracking()));
        Assert.Throws<ArgumentException>(static () => CachedQuery.Create(" ", static (ShopContext c) => c.Users));
    }

    [Fact]
    public async Task Results_that_depend_on_the_culture_are_not_shared_between_cultures()
    {
        var pod = await StartAsync();
#pragma warning disable MA0011 // The test needs a result that depends on the culture.
        var totals = CachedQuery.Create(
            "totals", static (ShopContext db) => db.Orders.OrderBy(static o => o.Id).Select(static o => o.Total.ToString("N1")));
#pragma warning restore MA0011
        var before = CultureInfo.CurrentCulture;
        try
        {
            for (var i = 0; i < 2; i++)
            {
                await using var db = pod.Open();
                CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
                Assert.Equal("10.0", (await totals.ToListAsync(db, Token))[0]);
                CultureInfo.CurrentCulture = new CommaCulture();
                Assert.Equal("10,0", (await totals.ToListAsync(db, Token))[0]);
            }
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    [Fact]
    public async Task A_filter_that_reads_its_context_keeps_the_results_of_contexts_apart()
    {
        var pod = await StartAsync();
        var all = CachedQuery.Create("all", static (FilteredContext db) => db.Names.Select(static u => u.Name));
        for (var i = 0; i < 2; i++)
        {
            await using var first = new FilteredContext(pod.OptionsOf<FilteredContext>(), 1);
            await using var second = new FilteredContext(pod.OptionsOf<FilteredContext>(), 2);
            Assert.Equal("Ada", (await first.Names.FindCachedAsync(ShopData.Ada))!.Name);
            Assert.Null(await second.Names.FindCachedAsync(ShopData.Ada));
            Assert.Equal(2, (await all.ToListAsync(first, Token)).Count);
            Assert.Equal(["Cyd"], await all.ToListAsync(second, Token));
        }
    }

    [Fact]
    public async Task Callers_that_miss_together_share_one_read()
    {
        var pod = await StartAsync(Provider.PostgreSql);
        var commands = new CountedCommands();
        await using var blocker = Database.Open();
        var block = await blocker.Database.BeginTransactionAsync(Token);
        await blocker.Database.ExecuteSqlRawAsync("""LOCK TABLE "users" IN ACCESS EXCLUSIVE MODE""", Token);
        var reads = Enumerable.Range(0, 20).Select(async i =>
        {
            await using var db = pod.Open(interceptors: commands);
            return i % 2 == 0
                ? (await NamesOf.ToListAsync(db, 1, Token))[0]
                : (await db.Users.FindCachedAsync(ShopData.Ada))!.Name;
        }).ToArray();
        await block.RollbackAsync(Token);
        Assert.All(await Task.WhenAll(reads), static name => Assert.Equal("Ada", name));
        Assert.Equal(2, commands.Count);
    }

    [Fact]
    public async Task Callers_that_waited_for_one_that_gave_up_read_for_themselves()
    {
        var pod = await StartAsync(Provider.PostgreSql);
        await using var blocker = Database.Open();
        var block = await blocker.Database.BeginTransactionAsync(Token);
        await blocker.Database.ExecuteSqlRawAsync("""LOCK TABLE "users" IN ACCESS EXCLUSIVE MODE""", Token);
        using var giveUp = new CancellationTokenSource();
        Task<IReadOnlyList<string>> ReadAsync(CancellationToken stop) => pod.WithAsync(db => NamesOf.ToListAsync(db, 1, stop).AsTask());
        var first = ReadAsync(giveUp.Token);
        Task<IReadOnlyList<string>>[] others = [ReadAsync(Token), ReadAsync(Token)];
        await giveUp.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        await block.RollbackAsync(Token);
        Assert.All(await Task.WhenAll(others), static names => Assert.Equal(["Ada", "Bob"], names));
    }

    [Fact]
    public async Task A_caller_that_joins_after_a_commit_does_not_get_what_was_read_before_it()
    {
        var pod = await StartAsync(Provider.PostgreSql);
        var gate = new HeldReads();
        await using var early = pod.Open(interceptors: gate);
        var first = NamesOf.ToListAsync(early, 1, Token).AsTask();
        await gate.Entered.WaitAsync(Token);
        await pod.WithAsync(static db => db.Users.Where(static u => u.Id == ShopData.Bob)
            .ExecuteUpdateAsync(static set => set.SetProperty(static u => u.Name, "Eve"), Token));
        await using var late = pod.Open();
        var second = NamesOf.ToListAsync(late, 1, Token).AsTask();
        gate.Release();
        Assert.Equal(["Ada", "Bob"], await first);
        Assert.Equal(["Ada", "Eve"], await second);
    }

    private static string Shout(string text) => text + "!";

    private static IQueryable<User> Active(ShopContext db) => db.Users.Where(static u => u.GroupId == Static);

    private static async Task RefusesAsync<T>(string with, ShopContext db, CachedQuery<ShopContext, T> query)
    {
        var refused = await Assert.ThrowsAsync<InvalidOperationException>(async () => await query.ToListAsync(db, Token));
        Assert.Contains(with, refused.Message, StringComparison.Ordinal);
    }

    /// <summary>Blocks the results of database commands until the test releases them.</summary>
    private sealed class HeldReads : DbCommandInterceptor
    {
        private readonly TaskCompletionSource _entered = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource _released = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Entered => _entered.Task;

        public void Release() => _released.SetResult();

        public override async ValueTask<DbDataReader> ReaderExecutedAsync(
            DbCommand command, CommandExecutedEventData eventData, DbDataReader result, CancellationToken cancellationToken = default)
        {
            _entered.TrySetResult();
            await _released.Task.WaitAsync(cancellationToken);
            return result;
        }
    }

    private sealed class FilteredContext(DbContextOptions<FilteredContext> options, int group) : DbContext(options)
    {
        private readonly int _group = group;

        public DbSet<UserName> Names => Set<UserName>();

        protected override void OnModelCreating(ModelBuilder modelBuilder) =>
            modelBuilder.Entity<UserName>().ToTable("users").HasQueryFilter(u => u.GroupId == _group);
    }

    private sealed class UserName
    {
        public Guid Id { get; set; }

        public string Name { get; set; } = "";

        public int GroupId { get; set; }
    }

    /// <summary>A culture that the system need not know.</summary>
    private sealed class CommaCulture() : CultureInfo("")
    {
        public override string Name => "comma";

        public override NumberFormatInfo NumberFormat { get; set; } = new() { NumberDecimalSeparator = "," };
    }
}
