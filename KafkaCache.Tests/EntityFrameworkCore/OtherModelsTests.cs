using KafkaCaching.EntityFrameworkCore;
using KafkaCaching.EntityFrameworkCore.Results;
using Microsoft.EntityFrameworkCore;

namespace KafkaCaching.Tests.EntityFrameworkCore;

/// <summary>Mappings that the shop's model doesn't have.</summary>
public sealed class OtherModelsTests(PostgresFixture postgres) : EfCacheTest(postgres)
{
    [Fact]
    public async Task A_deletion_that_reaches_a_table_in_two_ways_invalidates_what_lies_beyond_it()
    {
        var pod = await StartAsync();
        await using (var plain = new DealsContext(PlainOptions<DealsContext>()))
        {
            await plain.Database.ExecuteSqlRawAsync(plain.Database.GenerateCreateScript(), Token);
            plain.Add(new DealLine { Deal = new Deal { Customer = new Person() } });
            await plain.SaveChangesAsync(Token);
        }

        await using var db = new DealsContext(pod.OptionsOf<DealsContext>());
        Assert.Equal(1, await db.Set<DealLine>().Cached().CountAsync(Token));
        db.Remove(await db.Set<Person>().SingleAsync(Token));
        await db.SaveChangesAsync(Token);
        Assert.Equal(0, await db.Set<DealLine>().Cached().CountAsync(Token));
    }

    // The result is marked on a thread with a small stack, so that a recursive implementation would overflow it.
    [Fact]
    public async Task A_chain_of_any_length_is_read_only()
    {
        await StartAsync();
        await using var db = new ChainContext(PlainOptions<ChainContext>());
        var first = new ChainLink();
        var last = first;
        for (var i = 1; i < 20_000; i++)
            last = last.Next = new ChainLink { Id = i };
        var marking = new Thread(() => ReadOnlyResults.Mark(first, db.Model), maxStackSize: 256 * 1_024);
        marking.Start();
        marking.Join();
        Assert.True(ReadOnlyResults.Has(last));
    }

    [Theory]
    [MemberData(nameof(Providers))]
    public async Task A_cached_query_loads_no_navigation_that_is_loaded_lazily(Provider provider)
    {
        var pod = await StartAsync(provider);
        var commands = new CountedCommands();
        await using var db = new LazyContext(
            new DbContextOptionsBuilder<LazyContext>(pod.OptionsOf<LazyContext>()).AddInterceptors(commands).Options);
        var users = await db.Set<LazyUser>().OrderBy(static user => user.Name).Cached().ToListAsync(Token);
        Assert.Equal(1, commands.Count);
        Assert.Equal(2, users[0].Orders.Count);
        Assert.Equal(2, commands.Count);
    }

    [Fact]
    public async Task A_key_needs_no_operators()
    {
        var pod = await StartAsync();
        await using var db = new StrongKeyContext(pod.OptionsOf<StrongKeyContext>());
        for (var i = 0; i < 2; i++)
            Assert.Equal("admins", (await db.Set<StrongRole>().FindCachedAsync([new RoleId(1)], Token))!.Name);
        Assert.Equal((1, 1), (pod.Counts.Misses, pod.Counts.Hits));
    }

    [Fact]
    public async Task A_navigation_to_a_SQL_query_of_the_model_has_to_name_its_tables()
    {
        var pod = await StartAsync();
        await using var db = new SqlQueryContext(pod.OptionsOf<SqlQueryContext>());
        var users = db.Set<UserWithTotal>().Include(static user => user.Total).OrderBy(static user => user.Id);
        var refused = await Assert.ThrowsAsync<InvalidOperationException>(() => users.Cached().ToListAsync(Token));
        Assert.Contains("DependsOn", refused.Message, StringComparison.Ordinal);
        Assert.Equal(2, (await users.Cached(static c => c.DependsOn("orders")).ToListAsync(Token))[0].Total!.Orders);
        Assert.Equal(3, (await db.Set<UserWithTotal>().Cached().ToListAsync(Token)).Count);
    }

    [Fact]
    public async Task Models_that_differ_in_a_filter_share_no_results()
    {
        var pod = await StartAsync();
        var count = CachedQuery.Create("count", static (TenantContext db) => db.Users);
        for (var i = 0; i < 2; i++)
        {
            await using var first = new TenantContext(pod.OptionsOf<TenantContext>(), 1);
            await using var second = new TenantContext(pod.OptionsOf<TenantContext>(), 2);
            Assert.Equal((2, 1), (await count.CountAsync(first, Token), await count.CountAsync(second, Token)));
            Assert.NotNull(await first.Users.FindCachedAsync(ShopData.Ada));
            Assert.Null(await second.Users.FindCachedAsync(ShopData.Ada));
        }
    }

    [Fact]
    public async Task Models_that_differ_in_a_converter_share_rows_and_no_objects()
    {
        var pod = await StartAsync();
        var all = CachedQuery.Create("all", static (SignedContext db) => db.Users.OrderBy(static u => u.Id));
        for (var i = 0; i < 3; i++)
        {
            await using var first = new SignedContext(pod.OptionsOf<SignedContext>(), "1");
            await using var second = new SignedContext(pod.OptionsOf<SignedContext>(), "2");
            Assert.Equal("1Ada", (await first.Users.FindCachedAsync(ShopData.Ada))!.Name);
            Assert.Equal("2Ada", (await second.Users.FindCachedAsync(ShopData.Ada))!.Name);
            Assert.Equal("1Ada", (await all.ToListAsync(first, Token))[0].Name);
            Assert.Equal("2Ada", (await all.ToListAsync(second, Token))[0].Name);
        }

        Assert.Equal((2, 10), (pod.Counts.Misses, pod.Counts.Hits));
    }

    [Fact]
    public async Task A_table_that_TRUNCATE_empties_because_it_refers_to_another_is_invalidated()
    {
        var pod = await StartAsync(Provider.PostgreSql);
        await using (var plain = new ShelvesContext(PlainOptions<ShelvesContext>()))
        {
            await plain.Database.ExecuteSqlRawAsync(plain.Database.GenerateCreateScript(), Token);
            plain.Add(new Bookmark { Book = new Book { Shelf = new Shelf() } });
            await plain.SaveChangesAsync(Token);
        }

        await using var db = new ShelvesContext(pod.OptionsOf<ShelvesContext>());
        Assert.Equal(1, await db.Set<Bookmark>().Cached().CountAsync(Token));
        await db.Database.ExecuteSqlAsync($"truncate shelves cascade", Token);
        Assert.Equal(0, await db.Set<Bookmark>().Cached().CountAsync(Token));
    }

    private DbContextOptions<T> PlainOptions<T>()
        where T : DbContext
    {
        var builder = new DbContextOptionsBuilder<T>();
        Database.Use(builder);
        return builder.Options;
    }
}
