using KafkaCaching.EntityFrameworkCore;
using KafkaCaching.Tests.Brokers;
using Microsoft.EntityFrameworkCore;

namespace KafkaCaching.Tests.EntityFrameworkCore;

/// <summary>The results that a commit invalidates, and the time of the invalidation.</summary>
public sealed class EfInvalidationTests(PostgresFixture postgres) : EfCacheTest(postgres)
{
    [Theory]
    [MemberData(nameof(Providers))]
    public async Task A_saved_change_is_read_at_once_here_and_in_another_pod_when_it_has_applied_the_mark(Provider provider)
    {
        var (one, two) = (await StartAsync(provider), await StartAsync(provider));
        foreach (var pod in new[] { one, two })
            Assert.Equal("Ada Bob Cyd", await NamesAsync(pod));
        await RenameAsync(one, "Ada", "Eve");
        Assert.Equal("Bob Cyd Eve", await NamesAsync(one));
        await one.MarkedAsync();
        await Topic.SettleAsync(Token);
        Assert.Equal("Bob Cyd Eve", await NamesAsync(two));
        await using var db = two.Open();
        db.Users.Single(static u => u.Name == "Bob").Name = "Abe";
        Assert.Equal(1, db.SaveChanges());
        Assert.Equal("Abe Cyd Eve", await NamesAsync(two));
    }

    [Fact]
    public async Task A_row_is_invalidated_by_its_own_changes_and_not_by_those_of_others()
    {
        var pod = await StartAsync();
        Assert.Equal("Ada", await NameOfAsync(pod, ShopData.Ada));
        await RenameAsync(pod, "Bob", "Abe");
        Assert.Equal(0, await MissesAsync(pod, () => NameOfAsync(pod, ShopData.Ada)));
        await RenameAsync(pod, "Ada", "Eve");
        Assert.Equal("Eve", await NameOfAsync(pod, ShopData.Ada));
    }

    [Fact]
    public async Task A_row_that_was_not_there_is_found_once_it_is_added()
    {
        var pod = await StartAsync();
        await using var db = pod.Open();
        Assert.Null(await db.Orders.FindCachedAsync(4));
        db.Add(new Order { UserId = ShopData.Ada, Total = 7 });
        await db.SaveChangesAsync(Token);
        Assert.Equal(7, (await db.Orders.FindCachedAsync(4))!.Total);
        db.Remove(await db.Orders.SingleAsync(static o => o.Id == 4, Token));
        await db.SaveChangesAsync(Token);
        Assert.Null(await db.Orders.FindCachedAsync(4));
    }

    [Theory]
    [InlineData("DE")]
    [InlineData("ÖS")]
    public async Task A_row_is_invalidated_whatever_the_case_of_the_key_by_which_it_was_read(string code)
    {
        var pod = await StartAsync();
        await using var db = pod.Open();
        db.Add(new Country { Code = code, Name = "first" });
        await db.SaveChangesAsync(Token);
        var asRead = code.Replace('S', 's').Replace('E', 'e');
        Assert.Equal("first", (await db.Countries.FindCachedAsync(asRead))!.Name);
        db.Countries.Single().Name = "second";
        await db.SaveChangesAsync(Token);
        Assert.Equal("second", (await db.Countries.FindCachedAsync(asRead))!.Name);
    }

    [Fact]
    public async Task A_statement_that_is_cancelled_invalidates_since_the_database_may_have_run_it()
    {
        var pod = await StartAsync(Provider.PostgreSql);
        await NamesAsync(pod);
        await using var db = pod.Open();
        using var cancelling = new CancellationTokenSource();
        var updating = db.Database.ExecuteSqlAsync(
            $"""UPDATE "users" SET "Name" = "Name" FROM (SELECT pg_sleep(60)) AS slow""", cancelling.Token);
        await using var other = Database.Open();
        await Eventually.TrueAsync(
            async () => await other.Database.SqlQuery<int>(
                $"""SELECT count(*)::int AS "Value" FROM pg_stat_activity WHERE query LIKE 'UPDATE%pg_sleep%' AND state = 'active'""")
                .SingleAsync(Token) > 0,
            "the statement runs");
        await cancelling.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => updating);
        Assert.NotEqual(0, await MissesAsync(pod, () => NamesAsync(pod)));
    }

    [Fact]
    public async Task A_declared_column_is_invalidated_by_its_old_and_new_value_and_by_no_other()
    {
        var pod = await StartAsync();
        Assert.Equal("Ada Bob", await NamesOfGroupAsync(pod, 1));
        Assert.Equal("Cyd", await NamesOfGroupAsync(pod, 2));
        Assert.Equal("", await NamesOfGroupAsync(pod, 3));
        await RenameAsync(pod, "Cyd", "Dan");
        Assert.Equal("Dan", await NamesOfGroupAsync(pod, 2));
        Assert.Equal(0, await MissesAsync(pod, () => NamesOfGroupAsync(pod, 1)));
        Assert.Equal("Dan", await NamesOfGroupAsync(pod, 2));
        await ChangeAsync(pod, "Bob", static user => user.GroupId = 3);
        Assert.Equal(0, await MissesAsync(pod, () => NamesOfGroupAsync(pod, 2)));
        Assert.Equal("Ada", await NamesOfGroupAsync(pod, 1));
        Assert.Equal("Bob", await NamesOfGroupAsync(pod, 3));
        await using var db = pod.Open();
        db.Remove(await db.Users.SingleAsync(static u => u.Name == "Bob", Token));
        await db.SaveChangesAsync(Token);
        Assert.Equal("", await NamesOfGroupAsync(pod, 3));
    }

    [Theory]
    [InlineData("an owned entity")]
    [InlineData("a document")]
    [InlineData("a part of a document")]
    public async Task A_part_of_a_row_is_invalidated_in_the_results_of_a_declared_column(string part)
    {
        var pod = await StartAsync();
        Task<string?> PartAsync() => pod.WithAsync(async db =>
        {
            var ada = (await db.Users.Where(static u => u.GroupId == 1).Cached(static c => c.By(static u => u.GroupId, 1))
                .ToListAsync(Token)).Single(static u => u.Name == "Ada");
            return part == "an owned entity" ? ada.Address!.City : part == "a document" ? ada.Profile!.Motto : ada.Profile!.Links[0].Url;
        });
        Assert.NotEqual("new", await PartAsync());
        await ChangeAsync(pod, "Ada", user => _ = part switch
        {
            "an owned entity" => user.Address!.City = "new",
            "a document" => user.Profile!.Motto = "new",
            _ => user.Profile!.Links[0].Url = "new",
        });
        Assert.Equal("new", await PartAsync());
    }

    [Fact]
    public async Task A_row_that_is_added_with_its_parts_leaves_other_values_of_a_declared_column()
    {
        var pod = await StartAsync();
        await NamesOfGroupAsync(pod, 1);
        await using var db = pod.Open();
        db.Add(new User
        {
            Id = Guid.NewGuid(), GroupId = 7, Address = new Address { Street = "2 Mill Lane" },
            Profile = new Profile { Links = [new Link { Url = "a" }] },
        });
        await db.SaveChangesAsync(Token);
        Assert.Equal(0, await MissesAsync(pod, () => NamesOfGroupAsync(pod, 1)));
    }

    // Entity Framework saves the two changes as one update of the row.
    [Fact]
    public async Task A_row_that_is_removed_and_added_again_with_another_value_is_invalidated_by_its_old_and_new_value()
    {
        var pod = await StartAsync();
        Assert.Equal(("Ada Bob", "Cyd"), (await NamesOfGroupAsync(pod, 1), await NamesOfGroupAsync(pod, 2)));
        await using var db = pod.Open();
        db.Remove(await db.Users.SingleAsync(static u => u.Name == "Bob", Token));
        db.Add(new User { Id = ShopData.Bob, Name = "Rob", GroupId = 2 });
        await db.SaveChangesAsync(Token);
        Assert.Equal(("Ada", "Cyd Rob"), (await NamesOfGroupAsync(pod, 1), await NamesOfGroupAsync(pod, 2)));
        Assert.Equal("Rob", await NameOfAsync(pod, ShopData.Bob));
    }

    [Fact]
    public async Task A_writer_that_does_not_know_the_old_value_is_refused_by_the_database()
    {
        var pod = await StartAsync();
        await using var db = pod.Open();
        db.Update(new User { Id = ShopData.Bob, Name = "Bob", GroupId = 2 });
        await Assert.ThrowsAsync<DbUpdateConcurrencyException>(() => db.SaveChangesAsync(Token));
    }

    [Fact]
    public async Task A_query_that_reads_its_table_twice_counts_as_reading_all_of_it()
    {
        var pod = await StartAsync();
        Task<string> Managers() => pod.WithAsync(static async db => string.Join(' ', (await db.Users.Where(static u => u.GroupId == 2)
            .Include(static u => u.Manager).Cached(static c => c.By(static u => u.GroupId, 2)).ToListAsync(Token))
                .Select(static u => u.Manager!.Name)));
        Assert.Equal("Ada", await Managers());
        await RenameAsync(pod, "Ada", "Eve");
        Assert.Equal("Eve", await Managers());
    }

    [Fact]
    public async Task An_included_table_counts_as_a_whole()
    {
        var pod = await StartAsync();
        Task<decimal> Total() =>
            pod.WithAsync(static async db => (await db.Users.Where(static u => u.GroupId == 1).Include(static u => u.Orders)
            .Cached(static c => c.By(static u => u.GroupId, 1)).ToListAsync(Token)).Sum(static u => u.Orders.Sum(static o => o.Total)));
        Assert.Equal(35.5m, await Total());
        await using var db = pod.Open();
        db.Add(new Order { UserId = ShopData.Ada, Total = 4.5m });
        await db.SaveChangesAsync(Token);
        Assert.Equal(40, await Total());
    }

    [Theory]
    [MemberData(nameof(Providers))]
    public async Task What_the_database_deletes_by_itself_is_invalidated_too(Provider provider)
    {
        var pod = await StartAsync(provider);
        Task<int> Lines() => pod.WithAsync(static db => db.OrderLines.Cached().CountAsync(Token));
        Task<int> Managed() => pod.WithAsync(static db => db.Users.Cached().CountAsync(static u => u.ManagerId != null, Token));
        Assert.Equal((3, 2), (await Lines(), await Managed()));
        await using (var db = pod.Open())
        {
            db.Remove(await db.Users.SingleAsync(static u => u.Name == "Ada", Token));
            await db.SaveChangesAsync(Token);
        }

        Assert.Equal((0, 0), (await Lines(), await Managed()));
        Assert.Equal("Bob", await NameOfAsync(pod, ShopData.Bob));
    }

    [Fact]
    public async Task Owned_types_JSON_and_join_tables_are_invalidated_with_their_rows()
    {
        var pod = await StartAsync();
        Task<User?> Ada() => pod.WithAsync(static db => db.Users.FindCachedAsync(ShopData.Ada));
        Task<int> Admins() =>
            pod.WithAsync(static db => db.Roles.Where(static r => r.Name == "admins").SelectMany(static r => r.Users)
                .Cached().CountAsync(Token));
        await Ada();
        Assert.Equal(2, await Admins());
        await ChangeAsync(pod, "Ada", static user => user.Profile!.Motto = "Upwards");
        Assert.Equal("Upwards", (await Ada())!.Profile!.Motto);
        await ChangeAsync(pod, "Ada", static user => user.Profile!.Links[1].Url = "c");
        Assert.Equal("c", (await Ada())!.Profile!.Links[1].Url);
        await ChangeAsync(pod, "Ada", static user => user.Address!.City = "Bath");
        Assert.Equal("Bath", (await Ada())!.Address!.City);
        await ChangeAsync(pod, "Ada", static user => user.Phones.RemoveAt(0));
        Assert.Single((await Ada())!.Phones);
        await using var db = pod.Open();
        (await db.Users.Include(static u => u.Roles).SingleAsync(static u => u.Name == "Ada", Token)).Roles.Clear();
        await db.SaveChangesAsync(Token);
        Assert.Equal(1, await Admins());
    }

    [Fact]
    public async Task Hierarchies_are_invalidated_in_each_of_their_tables()
    {
        var pod = await StartAsync();
        Task<Document?> May() => pod.WithAsync(static db => db.Documents.FindCachedAsync(2));
        Assert.Equal("May", (await May())!.Title);
        await using var db = pod.Open();
        var invoice = await db.Documents.OfType<Invoice>().SingleAsync(Token);
        invoice.Due = 31;
        await db.SaveChangesAsync(Token);
        Assert.Equal(31, Assert.IsType<Invoice>(await May()).Due);
        invoice.Title = "June";
        await db.SaveChangesAsync(Token);
        Assert.Equal("June", (await May())!.Title);
    }

    [Theory]
    [MemberData(nameof(Providers))]
    public async Task Bulk_changes_invalidate_their_tables(Provider provider)
    {
        var pod = await StartAsync(provider);
        await NameOfAsync(pod, ShopData.Ada);
        await NamesOfGroupAsync(pod, 1);
        await using var db = pod.Open();
        await db.Users.Where(static u => u.Name == "Ada").ExecuteUpdateAsync(static set => set.SetProperty(static u => u.Name, "Eve"),
            Token);
        Assert.Equal("Eve", await NameOfAsync(pod, ShopData.Ada));
        Assert.Equal("Bob Eve", await NamesOfGroupAsync(pod, 1));
        Assert.Equal("Bob Cyd Eve", await NamesAsync(pod));
        db.Users.Where(static u => u.Name == "Eve").ExecuteUpdate(static set => set.SetProperty(static u => u.Name, "Ada"));
        Assert.Equal("Ada", await NameOfAsync(pod, ShopData.Ada));
        await db.Users.Where(static u => u.Name == "Ada").ExecuteDeleteAsync(Token);
        Assert.Null(await NameOfAsync(pod, ShopData.Ada));
        Assert.Equal(1, await pod.WithAsync(static db => db.Orders.Cached().CountAsync(Token)));
    }

    [Fact]
    public async Task Raw_SQL_invalidates_the_tables_that_it_names_or_that_are_declared()
    {
        var pod = await StartAsync();
        await NamesAsync(pod);
        await using var db = pod.Open();
        await db.Database.ExecuteSqlAsync($"update USERS set \"Name\" = 'Eve' where \"Name\" = 'Ada'", Token);
        await pod.MarkedAsync();
        Assert.Equal("Bob Cyd Eve", await NamesAsync(pod));
        var refused =
            await Assert.ThrowsAsync<InvalidOperationException>(() => db.Database.ExecuteSqlAsync($"PRAGMA user_version = 3", Token));
        Assert.Contains("DeclareChanges", refused.Message, StringComparison.Ordinal);
        var misspelt = Assert.Throws<ArgumentException>(() => db.Database.DeclareChanges("users", "userz"));
        Assert.Contains("userz", misspelt.Message, StringComparison.Ordinal);
        using (db.Database.DeclareChanges())
        {
            await db.Database.ExecuteSqlAsync($"PRAGMA user_version = 3", Token);
            Assert.Equal(0, await MissesAsync(pod, () => NamesAsync(pod)));
            using (db.Database.DeclareChanges("USERS"))
                await db.Database.ExecuteSqlAsync($"PRAGMA user_version = 4", Token);
            Assert.Equal(1, await MissesAsync(pod, () => NamesAsync(pod)));
        }

        await Database.ExecuteUnseenAsync($"""UPDATE "users" SET "Name" = 'Ada' WHERE "Name" = 'Eve'""");
        Assert.Equal("Bob Cyd Eve", await NamesAsync(pod));
        await pod.Cache.InvalidateAsync(["Users"], Token);
        Assert.Equal("Ada Bob Cyd", await NamesAsync(pod));
        await pod.Cache.InvalidateAllAsync(Token);
        Assert.Equal(1, await MissesAsync(pod, () => NamesAsync(pod)));
    }

    [Fact]
    public async Task More_rows_than_MaxMarkedRows_count_as_the_whole_table()
    {
        var pod = await StartAsync(configure: static options => options.MaxMarkedRows = 10);
        await NameOfAsync(pod, ShopData.Ada);
        var records = Topic.Records.Count;
        await using var db = pod.Open();
        for (var i = 0; i < 1_000; i++)
            db.Add(new User { Id = Guid.NewGuid(), GroupId = 9 });
        await db.SaveChangesAsync(Token);
        await pod.MarkedAsync();
        Assert.InRange(Topic.Records.Count - records, 1, 12);
        Assert.Equal(1, await MissesAsync(pod, () => NameOfAsync(pod, ShopData.Ada)));
    }

    [Fact]
    public async Task A_fill_that_began_before_a_commit_is_not_served_after_it()
    {
        var pod = await StartAsync(Provider.PostgreSql);
        await using var db = pod.Open();
        await using var reading = db.Users.OrderBy(static u => u.Name).Select(static u => u.Name)
            .Cached().AsAsyncEnumerable().GetAsyncEnumerator(Token);
        Assert.True(await reading.MoveNextAsync());
        await RenameAsync(pod, "Cyd", "Dan");
        var read = new List<string> { reading.Current };
        while (await reading.MoveNextAsync())
            read.Add(reading.Current);
        Assert.Equal(["Ada", "Bob", "Cyd"], read);
        Assert.Equal("Ada Bob Dan", await NamesAsync(pod));
    }

    [Fact]
    public async Task While_the_brokers_are_away_commits_succeed_and_this_pod_reads_the_database()
    {
        var (one, two) = (await StartAsync(), await StartAsync());
        foreach (var pod in new[] { one, two })
            await NamesAsync(pod);
        await Topic.SettleAsync(Token);
        Topic.FailPuts(count: 1_000);
        await RenameAsync(one, "Ada", "Eve");
        Assert.Equal("Bob Cyd Eve", await NamesAsync(one));
        await RenameAsync(one, "Bob", "Abe");
        Assert.Equal("Abe Cyd Eve", await NamesAsync(one));
        var misses = one.Counts.Misses;
        await one.WithAsync(static db => db.Roles.Cached().CountAsync(Token));
        Assert.Equal(misses + 1, one.Counts.Misses);
        Topic.FailPuts(count: 0);
        await FlushLateAsync(one);
        Assert.Contains(one.Log.Logger.Lines, static line => line.Id == 582);
        await Topic.SettleAsync(Token);
        Assert.Equal("Abe Cyd Eve", await NamesAsync(two));
        await NamesAsync(one);
        Assert.Equal(0, await MissesAsync(one, () => NamesAsync(one)));
    }

    [Fact]
    public async Task A_commit_does_not_wait_for_its_mark_and_FlushAsync_does()
    {
        var pod = await StartAsync();
        await NamesAsync(pod);
        Topic.Stall();
        await RenameAsync(pod, "Ada", "Eve");
        var flushing = pod.Cache.FlushAsync(Token);
        Assert.Equal("Bob Cyd Eve", await NamesAsync(pod));
        Assert.False(flushing.IsCompleted);
        Topic.Resume();
        await flushing;
        await NamesAsync(pod);
        Assert.Equal(0, await MissesAsync(pod, () => NamesAsync(pod)));
    }

    [Fact]
    public async Task A_failed_SaveChanges_invalidates_since_its_outcome_may_be_unknown()
    {
        var pod = await StartAsync();
        await NamesAsync(pod);
        await using var db = pod.Open();
        db.Add(new User { Id = ShopData.Ada });
        await Assert.ThrowsAsync<DbUpdateException>(() => db.SaveChangesAsync(Token));
        Assert.Equal(1, await MissesAsync(pod, () => NamesAsync(pod)));
    }
}
