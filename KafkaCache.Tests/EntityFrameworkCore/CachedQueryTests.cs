using System.Data;
using KafkaCaching.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.Caching.Hybrid;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace KafkaCaching.Tests.EntityFrameworkCore;

/// <summary>The results of cached queries, and the queries that are refused.</summary>
public sealed class CachedQueryTests(PostgresFixture postgres) : EfCacheTest(postgres)
{
    [Theory]
    [MemberData(nameof(Providers))]
    public async Task FindCachedAsync_finds_what_the_database_has_and_caches_that_there_is_nothing(Provider provider)
    {
        var pod = await StartAsync(provider);
        for (var i = 0; i < 2; i++)
        {
            Assert.Equal("Ada", await NameOfAsync(pod, ShopData.Ada));
            Assert.Null(await NameOfAsync(pod, Guid.Empty));
            await using var db = pod.Open();
            Assert.Equal("pears", (await db.OrderLines.FindCachedAsync(1, 2))!.Sku);
            Assert.Equal("pears", db.OrderLines.FindCached(1, 2)!.Sku);
            Assert.IsType<CashPayment>(await db.Payments.FindCachedAsync([2], Token));
        }

        // The misses are three users and one payment. The owned phones are read with their users.
        Assert.Equal((4, 6), (pod.Counts.Misses, pod.Counts.Hits));
    }

    [Fact]
    public async Task FindCachedAsync_refuses_values_that_do_not_fit_the_key()
    {
        var pod = await StartAsync();
        await using var db = pod.Open();
        Assert.Contains("OrderId, Number", (await Assert.ThrowsAsync<ArgumentException>(() => db.OrderLines.FindCachedAsync(1))).Message,
            StringComparison.Ordinal);
        Assert.Contains("Guid", (await Assert.ThrowsAsync<ArgumentException>(() => db.Users.FindCachedAsync(1))).Message,
            StringComparison.Ordinal);
        Assert.Contains("no primary key", (await Assert.ThrowsAsync<ArgumentException>(() => db.OrderTotals.FindCachedAsync(1))).Message,
            StringComparison.Ordinal);
        Assert.Null(await db.Users.FindCachedAsync([null], Token));
    }

    [Fact]
    public async Task Different_parameters_tenants_and_databases_have_different_results()
    {
        var tenant = "a";
        var pod = await StartAsync(configure: options => options.Tenant = _ => tenant);
        Assert.Equal("Ada Bob", await NamesOfGroupAsync(pod, 1));
        Assert.Equal("Cyd", await NamesOfGroupAsync(pod, 2));
        tenant = "b";
        Assert.Equal(1, await MissesAsync(pod, () => NamesOfGroupAsync(pod, 1)));
        tenant = "a";
        Assert.Equal(0, await MissesAsync(pod, () => NamesOfGroupAsync(pod, 1)));

        await using var other = await ShopDatabase.CreateAsync(Provider.Sqlite, null!);
        await using var elsewhere = await EfPod.ReadyAsync(Topic, Clock, other, options => options.Tenant = _ => tenant);
        Assert.Equal(1, await MissesAsync(elsewhere, () => NamesOfGroupAsync(elsewhere, 1)));
    }

    [Fact]
    public async Task No_key_and_no_tag_has_a_value_in_clear()
    {
        var pod = await StartAsync();
        var mail = new Email("ada@example.com");
        await pod.WithAsync(async db => await db.Users.Where(u => u.Email == mail).Select(static u => u.GroupId).Cached()
            .ToListAsync(Token));
        await NamesOfGroupAsync(pod, 1);
        await NameOfAsync(pod, ShopData.Ada);
        await pod.WithAsync(async db =>
        {
            (await db.Users.SingleAsync(static u => u.Id == ShopData.Bob, Token)).Email = mail;
            return await db.SaveChangesAsync(Token);
        });
        await pod.MarkedAsync();
        await Topic.SettleAsync(Token);
        Assert.True(Topic.Records.Count > 5);
        foreach (var record in Topic.Records)
        {
            var key = System.Text.Encoding.UTF8.GetString(record.Key!);
            Assert.DoesNotContain(mail.Text, key, StringComparison.OrdinalIgnoreCase); // A hash may contain a few letters by chance.
            Assert.DoesNotContain(ShopData.Ada.ToString(), key, StringComparison.OrdinalIgnoreCase);
        }
    }

    [Theory]
    [InlineData(QueryTrackingBehavior.TrackAll)]
    [InlineData(QueryTrackingBehavior.NoTracking)]
    public async Task Results_are_detached_and_saving_one_throws(QueryTrackingBehavior tracking)
    {
        var pod = await StartAsync();
        await using var db = pod.Open(tracking);
        for (var i = 0; i < 2; i++)
        {
            var order = await db.Orders.Include(static o => o.Lines).Cached().FirstAsync(static o => o.Id == 1, Token);
            var projected = await db.Orders.Select(static o => new { Order = o, List = o.Lines.ToList() }).Cached().FirstAsync(Token);
            Assert.Empty(db.ChangeTracker.Entries());
            foreach (var entity in new object[] { order, order.Lines[0], projected.Order, projected.List[0] })
            {
                db.Update(entity);
                var refused = await Assert.ThrowsAsync<InvalidOperationException>(() => db.SaveChangesAsync(Token));
                Assert.Contains(".Cached()", refused.Message, StringComparison.Ordinal);
                Assert.Throws<InvalidOperationException>(() => db.SaveChanges());
                db.ChangeTracker.Clear();
            }

            db.Remove(order);
            await Assert.ThrowsAsync<InvalidOperationException>(() => db.SaveChangesAsync(Token));
            db.ChangeTracker.Clear();
        }
    }

    [Fact]
    public async Task Entities_in_the_sets_tuples_and_groups_of_a_result_are_read_only_too()
    {
        var pod = await StartAsync();
        await using var db = pod.Open();
        var sets = await db.Users.OrderBy(static u => u.Name).Select(static u => new { Set = u.Orders.ToHashSet() }).Cached()
            .ToListAsync(Token);
        var tuples = await db.Orders.Select(static o => new ValueTuple<int, Order>(o.Id, o)).Cached().ToListAsync(Token);
        var pairs = await db.Orders.Select(static o => new { Pair = new KeyValuePair<int, Order>(o.Id, o) }).Cached().ToListAsync(Token);
        var groups = await db.Users.Cached().GroupBy(static u => u.GroupId).ToListAsync(Token);
        foreach (var entity in new object[] { sets[0].Set.First(), tuples[0].Item2, pairs[0].Pair.Value, groups[0].First() })
        {
            db.Remove(entity);
            await Assert.ThrowsAsync<InvalidOperationException>(() => db.SaveChangesAsync(Token));
            db.ChangeTracker.Clear();
        }
    }

    [Fact]
    public async Task A_removed_result_can_not_be_replaced_by_a_new_entity()
    {
        var pod = await StartAsync();
        await using var db = pod.Open();
        db.Remove((await db.Users.FindCachedAsync(ShopData.Bob))!);
        db.Add(new User { Id = ShopData.Bob, GroupId = 1 });
        await Assert.ThrowsAsync<InvalidOperationException>(() => db.SaveChangesAsync(Token));
    }

    [Fact]
    public async Task A_new_row_may_refer_to_a_cached_one()
    {
        var pod = await StartAsync();
        await using var db = pod.Open();
        var ada = await db.Users.Cached().FirstAsync(static u => u.Name == "Ada", Token);
        db.Attach(ada);
        db.Add(new Order { User = ada, Total = 1 });
        Assert.Equal(1, await db.SaveChangesAsync(Token));
    }

    [Fact]
    public async Task A_result_expires_after_its_time()
    {
        var pod = await StartAsync();
        await pod.WithAsync(static db => db.Users.Cached(TimeSpan.FromSeconds(10)).CountAsync(Token));
        Clock.Advance(TimeSpan.FromSeconds(9));
        Assert.Equal(0,
            await MissesAsync(pod, () => pod.WithAsync(static db => db.Users.Cached(TimeSpan.FromSeconds(10)).CountAsync(Token))));
        Clock.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal(1,
            await MissesAsync(pod, () => pod.WithAsync(static db => db.Users.Cached(TimeSpan.FromSeconds(10)).CountAsync(Token))));
        var refused = await Assert.ThrowsAsync<InvalidOperationException>(
            () => pod.WithAsync(static db => db.Users.Cached(TimeSpan.FromDays(2)).CountAsync(Token)));
        Assert.Contains("MaxTimeToLive", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_result_that_was_not_read_to_its_end_is_not_stored()
    {
        var pod = await StartAsync();
        await using (var db = pod.Open())
        {
            await foreach (var name in db.Users.OrderBy(static u => u.Name).Select(static u => u.Name).Cached().AsAsyncEnumerable())
            {
                Assert.Equal("Ada", name);
                break;
            }
        }

        Assert.Equal(1, await MissesAsync(pod, async () => Assert.Equal("Ada Bob Cyd", await NamesAsync(pod))));
        Assert.Equal(0, await MissesAsync(pod, () => NamesAsync(pod)));
    }

    [Theory]
    [MemberData(nameof(Providers))]
    public async Task What_a_caller_changes_while_it_reads_is_stored_as_it_was(Provider provider)
    {
        var pod = await StartAsync(provider);
        await using var db = pod.Open();
        var samples = db.Samples.OrderBy(static s => s.Id).Cached();
        await foreach (var sample in samples.AsAsyncEnumerable())
        {
            Array.Clear(sample.Bytes);
            Array.Clear(sample.Numbers);
        }

        Assert.Equal(0, await MissesAsync(pod, async () =>
        {
            var read = (await samples.ToListAsync(Token))[0];
            Assert.Equal([0, 1, 255], read.Bytes);
            Assert.Equal([3, 1, 2], read.Numbers);
        }));
    }

    [Fact]
    public async Task Other_queries_of_the_context_are_not_cached_while_a_cached_one_is_read()
    {
        var pod = await StartAsync(Provider.PostgreSql);
        await using var db = pod.Open();
        await foreach (var user in db.Users.OrderBy(static u => u.Name).AsSplitQuery().Cached().AsAsyncEnumerable())
        {
            await using var other = pod.Open();
            Assert.NotNull(await other.Users.SingleAsync(u => u.Id == user.Id, Token));
            Assert.Empty(other.ChangeTracker.Entries<Order>());
        }

        var hits = pod.Counts.Requests;
        Assert.Equal(3, await db.Users.CountAsync(Token));
        Assert.Equal(hits, pod.Counts.Requests);
    }

    [Fact]
    public async Task A_result_above_MaximumPayloadBytes_is_returned_and_not_stored()
    {
        var pod = await StartAsync(configure: static options => options.Hybrid.MaximumPayloadBytes = 10);
        Assert.Equal("Ada Bob Cyd", await NamesAsync(pod));
        Assert.Equal(1, await MissesAsync(pod, async () => Assert.Equal("Ada Bob Cyd", await NamesAsync(pod))));
    }

    [Fact]
    public async Task Two_readings_of_one_SQL_as_different_types_both_work()
    {
        var pod = await StartAsync();
        await using var db = pod.Open();
        var groups = db.Users.OrderBy(static u => u.Name).Select(static u => u.GroupId);
        Assert.Equal([1, 1, 2], await groups.Cached().ToListAsync(Token));
        var flag = true;
        for (var i = 0; i < 2; i++, flag = !flag)
        {
            var wanted = flag;
            var read = await db.Users.OrderBy(static u => u.Name).Cached().Select(u => Pick(wanted) ? u.Name : Shout(u.Status))
                .ToListAsync(Token);
            Assert.Equal(flag ? "Ada" : "ACTIVE", read[0]);
        }
    }

    [Theory]
    [MemberData(nameof(Providers))]
    public async Task Queries_that_differ_only_in_their_identities_have_results_of_their_own(Provider provider)
    {
        var pod = await StartAsync(provider);
        await using var db = pod.Open();
        var orders = db.Orders.Include(static o => o.User).OrderBy(static o => o.Id);
        var single = await orders.Cached().ToListAsync(Token);
        var each = await orders.AsNoTracking().Cached().ToListAsync(Token);
        Assert.Same(single[0].User, single[1].User);
        Assert.NotSame(each[0].User, each[1].User);
        Assert.All([single[1], each[1]], static order => Assert.Equal(["x", "y"], order.User!.Tags));
        Assert.Equal(2, pod.Counts.Misses);
    }

    [Fact]
    public async Task A_part_of_a_cached_query_can_not_track()
    {
        var pod = await StartAsync();
        await using var db = pod.Open();
        var joined = db.Orders.Join(db.Users.AsTracking(), static o => o.UserId, static u => u.Id, static (_, u) => u);
        var refused = await Assert.ThrowsAsync<InvalidOperationException>(() => joined.Cached().ToListAsync(Token));
        Assert.Contains(".AsTracking()", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Switched_off_the_cache_neither_reads_nor_fills_and_still_invalidates()
    {
        var pod = await StartAsync();
        await NamesAsync(pod);
        pod.Cache.IsEnabled = false;
        await pod.WithAsync(static db =>
            db.Users.Where(static u => u.Name == "Ada").ExecuteUpdateAsync(static set => set.SetProperty(static u => u.Name, "Eve"),
                Token));
        Assert.Equal("Bob Cyd Eve", await NamesAsync(pod));
        pod.Cache.IsEnabled = true;
        Assert.Equal(1, await MissesAsync(pod, async () => Assert.Equal("Bob Cyd Eve", await NamesAsync(pod))));
    }

    [Fact]
    public async Task AsNoCache_takes_back_a_Cached_before_it_and_a_later_one_counts_again()
    {
        var pod = await StartAsync();
        await using var db = pod.Open();
        var users = db.Users.Where(static u => u.GroupId == 1).Cached().OrderBy(static u => u.Name);
        await users.ToListAsync(Token);
        var asked = pod.Counts.Requests;

        var ada = (await users.AsNoCache().ToListAsync(Token))[0];
        ada.Name = "Eve";
        Assert.Equal(1, await db.SaveChangesAsync(Token));
        Assert.Equal(["Bob", "Eve"], await users.AsTracking().AsNoCache().Select(static u => u.Name).ToListAsync(Token));
        Assert.Equal(1, await users.AsNoCache().Where(static u => u.Name == "Eve")
            .ExecuteUpdateAsync(static set => set.SetProperty(static u => u.Name, "Ada"), Token));
        Assert.Equal(asked, pod.Counts.Requests);

        await pod.MarkedAsync();
        Assert.Equal(2, await users.AsNoCache().Cached().CountAsync(Token));
        Assert.Equal(asked + 1, pod.Counts.Requests);
        asked = pod.Counts.Requests;
        Assert.Equal(2, await users.Cached(TimeSpan.FromMinutes(1)).AsNoCache().CountAsync(Token));
        Assert.Equal(asked, pod.Counts.Requests);
        Assert.Same(db.Users, db.Users.AsNoCache());
        Assert.Equal([1], new[] { 1 }.AsQueryable().AsNoCache());
    }

    [Fact]
    public async Task A_context_that_only_invalidates_reads_its_database()
    {
        var pod = await StartAsync();
        await NamesAsync(pod);
        await using var replica = pod.Open(use: KafkaEfCacheUse.InvalidateOnly);
        await Database.ExecuteUnseenAsync($"""UPDATE "users" SET "Name" = 'Eve' WHERE "Name" = 'Ada'""");
        Assert.Equal(3, await replica.Users.Cached().CountAsync(Token));
        Assert.Equal("Bob", await replica.Users.OrderBy(static u => u.Name).Select(static u => u.Name).Cached().FirstAsync(Token));
        Assert.Equal("Ada Bob Cyd", await NamesAsync(pod));
    }

    [Fact]
    public async Task What_can_not_be_cached_is_refused_with_what_to_write_instead()
    {
        var pod = await StartAsync();
        await using var db = pod.Open();
        await RefusesAsync("AsTracking", () => db.Users.AsTracking().Cached().ToListAsync(Token));
        await RefusesAsync("AsTracking", () => db.Users.Cached().AsTracking().ToListAsync(Token));
        await RefusesAsync("Leave out .Cached()", () => db.Users.Cached().ExecuteDeleteAsync(Token));
        await RefusesAsync(
            "Leave out .Cached()",
            () => db.Users.Cached().ExecuteUpdateAsync(static set => set.SetProperty(static u => u.Name, "x"), Token));
        await RefusesAsync("whole query", () => db.Users.Where(u => db.Orders.Cached().Any(o => o.UserId == u.Id)).ToListAsync(Token));
        await RefusesAsync("DependsOn", () => db.OrderTotals.Cached().ToListAsync(Token));
        await RefusesAsync("DependsOn", () => db.Users.FromSql($"""SELECT * FROM "users" """).Cached().ToListAsync(Token));
        await RefusesAsync("DependsOn", () => db.Database.SqlQuery<int>($"SELECT 1 AS \"Value\"").Cached().ToListAsync(Token));
        await RefusesAsync("DeclareColumn", () => db.Users.Cached(static c => c.By(static u => u.Name, "Ada")).ToListAsync(Token));
        await RefusesAsync(
            "before Select", () => db.Users.Select(static u => new { u.GroupId }).Cached(static c => c.By(static u => u.GroupId, 1))
                .ToListAsync(Token));
        Assert.Throws<ArgumentException>(static () => new[] { 1 }.AsQueryable().Cached());
        var compiled = EF.CompileAsyncQuery(static (ShopContext db) => db.Users.Cached());
        await RefusesAsync("don't compile it", async () =>
        {
            await foreach (var user in compiled(db))
                Assert.NotNull(user);
        });

        // A refused query leaves no state behind in the context.
        Assert.Equal(3, (await db.Users.ToListAsync(Token)).Count);
        Assert.Equal(3, db.ChangeTracker.Entries<User>().Count());
    }

    [Fact]
    public async Task A_declared_view_needs_no_DependsOn()
    {
        var pod = await StartAsync(configure: static options => options.DeclareView("order_totals", "orders"));
        Task<int> Count() => pod.WithAsync(static db => db.OrderTotals.Cached().CountAsync(Token));
        Assert.Equal(2, await Count());
        Assert.Equal(0, await MissesAsync(pod, Count));
        await pod.WithAsync(static db => db.Orders.ExecuteDeleteAsync(Token));
        Assert.Equal(0, await Count());
    }

    [Fact]
    public async Task A_context_without_a_cache_names_what_is_missing()
    {
        await StartAsync();
        await using var db = Database.Open();
        var refused = await Assert.ThrowsAsync<InvalidOperationException>(() => db.Users.Cached().ToListAsync(Token));
        Assert.Contains("ContextWithoutUseKafkaCache", refused.Message, StringComparison.Ordinal);
        Assert.Throws<InvalidOperationException>(() => db.Database.DeclareChanges("users"));
        await using var services = new ServiceCollection().BuildServiceProvider();
        var missing = Assert.Throws<InvalidOperationException>(() => new DbContextOptionsBuilder().UseKafkaCache(services, "shop"));
        Assert.Contains("AddKafkaEfCache(\"shop\"", missing.Message, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Providers))]
    public async Task A_hit_opens_no_connection_unless_the_program_intercepts_connections(Provider provider)
    {
        var pod = await StartAsync(provider);
        async Task<int> OpenedAsync(bool isAsync, params IInterceptor[] interceptors)
        {
            await using var db = pod.Open(interceptors: interceptors);
            var opened = 0;
            db.Database.GetDbConnection().StateChange += (_, change) => opened += change.CurrentState == ConnectionState.Open ? 1 : 0;
            var query = db.Users.Include(static u => u.Orders).OrderBy(static u => u.Name).AsSplitQuery().Cached();
            Assert.Equal(3, (isAsync ? await query.ToListAsync(Token) : query.ToList()).Count);
            Assert.Equal(ConnectionState.Closed, db.Database.GetDbConnection().State);
            Assert.Equal(3, await db.Users.CountAsync(Token));
            return opened - 1;
        }

        Assert.Equal(1, await OpenedAsync(isAsync: true));
        Assert.Equal(0, await OpenedAsync(isAsync: true));
        Assert.Equal(0, await OpenedAsync(isAsync: false));
        Assert.Equal(1, await OpenedAsync(isAsync: true, new OwnConnections()));
        await pod.Cache.InvalidateAllAsync(Token);
        Assert.Equal(1, await OpenedAsync(isAsync: false));
    }

    [Fact]
    public async Task A_connection_that_the_program_opens_after_a_hit_is_used_and_stays_open()
    {
        var pod = await StartAsync();
        await NamesAsync(pod);
        await using var db = pod.Open();
        Assert.Equal("Ada", (await db.Users.OrderBy(static u => u.Name).Select(static u => u.Name).Cached().ToListAsync(Token))[0]);
        await db.Database.GetDbConnection().OpenAsync(Token);
        Assert.Equal(3, await db.Users.Cached().CountAsync(Token));
        Assert.Equal(ConnectionState.Open, db.Database.GetDbConnection().State);
    }

    [Fact]
    public async Task ToQueryString_shows_the_SQL_of_the_query()
    {
        var pod = await StartAsync();
        await using var db = pod.Open();
        Assert.Equal(db.Users.ToQueryString(), db.Users.Cached().ToQueryString());
    }

    [Fact]
    public async Task A_pooled_context_comes_back_clean()
    {
        var pod = await StartAsync();
        await using var services = pod.Pooled();
        for (var i = 0; i < 3; i++)
        {
            await using var scope = services.CreateAsyncScope();
            var db = scope.ServiceProvider.GetRequiredService<ShopContext>();
            _ = db.Database.DeclareChanges("orders");
            Assert.Equal(3, await db.Users.Cached().CountAsync(Token));
        }

        await using var last = services.CreateAsyncScope();
        var context = last.ServiceProvider.GetRequiredService<ShopContext>();
        await NamesAsync(pod);
        await context.Database.ExecuteSqlAsync($"""UPDATE "users" SET "Name" = 'Eve' WHERE "Name" = 'Ada'""", Token);
        Assert.Equal("Bob Cyd Eve", await NamesAsync(pod));
    }

    [Fact]
    public async Task Options_out_of_their_ranges_stop_the_start()
    {
        var faults = await Assert.ThrowsAnyAsync<OptionsValidationException>(() => StartAsync(configure: static options =>
        {
            options.InvalidationTimeout = TimeSpan.Zero;
            options.MaxMarkedRows = -1;
        }));
        Assert.Contains("InvalidationTimeout", faults.Message, StringComparison.Ordinal);
        Assert.Contains("MaxMarkedRows", faults.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_column_that_is_no_concurrency_token_can_not_be_declared()
    {
        var pod = await StartAsync(configure: static options => options.DeclareColumn<User>(static user => user.Name));
        var refused = await Assert.ThrowsAsync<InvalidOperationException>(() => NamesAsync(pod));
        Assert.Contains("IsConcurrencyToken", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_cache_of_queries_is_not_the_HybridCache_of_the_application()
    {
        var services = new ServiceCollection();
        services.AddKafkaEfCache("shop", options => (options.Hybrid.Log, options.Topic) = (Topic, "shop.ef"));
        await using var provider = services.BuildServiceProvider();
        Assert.Null(provider.GetService<HybridCache>());
        Assert.NotNull(provider.GetRequiredKeyedService<HybridCache>("shop"));
    }

    private sealed class OwnConnections : DbConnectionInterceptor;

    private static bool Pick(bool flag) => flag;

    private static string Shout(UserStatus status) => status.ToString().ToUpperInvariant();

    private static async Task RefusesAsync(string with, Func<Task> run)
    {
        var refused = await Assert.ThrowsAsync<InvalidOperationException>(run);
        Assert.Contains(with, refused.Message, StringComparison.Ordinal);
    }
}
