using Microsoft.EntityFrameworkCore;

namespace KafkaCaching.Tests.EntityFrameworkCore.ChangeStreams;

/// <summary>The results that changes of other programs invalidate.</summary>
public sealed class PostgresRelayTests(PostgresFixture postgres) : PostgresRelayTest(postgres)
{
    [Fact]
    public async Task A_change_by_any_program_is_read_in_all_pods()
    {
        var (one, other) = (await RelayingAsync(), await PodAsync());
        foreach (var pod in (EfPod[])[one, other])
            Assert.Equal(("Ada", "Ada Bob Cyd"), (await EfCacheTest.NameOfAsync(pod, ShopData.Ada), await EfCacheTest.NamesAsync(pod)));

        await ExecuteAsync("""UPDATE users SET "Name" = 'Augusta' WHERE "Name" = 'Ada'""");
        await AcknowledgedAsync();

        foreach (var pod in (EfPod[])[one, other])
            Assert.Equal(
                ("Augusta", "Augusta Bob Cyd"), (await EfCacheTest.NameOfAsync(pod, ShopData.Ada), await EfCacheTest.NamesAsync(pod)));
    }

    [Fact]
    public async Task With_the_whole_old_row_only_its_row_and_values_are_invalidated()
    {
        await ExecuteAsync("ALTER TABLE users REPLICA IDENTITY FULL");
        var pod = await RelayingAsync();
        await ReadAllAsync(pod);

        await ExecuteAsync($"""UPDATE users SET "Name" = 'Robert' WHERE "Id" = '{ShopData.Bob}'""");
        await AcknowledgedAsync();

        Assert.Equal(0, await EfCacheTest.MissesAsync(pod, () => EfCacheTest.NameOfAsync(pod, ShopData.Ada)));
        Assert.Equal(0, await EfCacheTest.MissesAsync(pod, () => EfCacheTest.NamesOfGroupAsync(pod, 2)));
        Assert.Equal("Robert", await EfCacheTest.NameOfAsync(pod, ShopData.Bob));
        Assert.Equal("Ada Robert", await EfCacheTest.NamesOfGroupAsync(pod, 1));
    }

    [Fact]
    public async Task A_row_that_changes_its_value_of_a_declared_column_invalidates_the_old_and_the_new_one()
    {
        await ExecuteAsync("ALTER TABLE users REPLICA IDENTITY FULL");
        var pod = await RelayingAsync();
        await ReadAllAsync(pod);
        Assert.Equal("", await EfCacheTest.NamesOfGroupAsync(pod, 3));

        await ExecuteAsync($"""UPDATE users SET "GroupId" = 3 WHERE "Id" = '{ShopData.Bob}'""");
        await AcknowledgedAsync();

        Assert.Equal(0, await EfCacheTest.MissesAsync(pod, () => EfCacheTest.NamesOfGroupAsync(pod, 2)));
        Assert.Equal("Ada", await EfCacheTest.NamesOfGroupAsync(pod, 1));
        Assert.Equal("Bob", await EfCacheTest.NamesOfGroupAsync(pod, 3));
    }

    [Fact]
    public async Task Without_the_old_value_of_a_declared_column_all_rows_of_the_table_are_invalidated()
    {
        var pod = await RelayingAsync();
        await ReadAllAsync(pod);

        await ExecuteAsync($"""UPDATE users SET "GroupId" = 3 WHERE "Id" = '{ShopData.Bob}'""");
        await AcknowledgedAsync();

        Assert.Equal("Ada", await EfCacheTest.NamesOfGroupAsync(pod, 1));
        Assert.Equal(1, await EfCacheTest.MissesAsync(pod, () => EfCacheTest.NamesOfGroupAsync(pod, 2)));
    }

    [Fact]
    public async Task Inserts_deletes_and_new_keys_are_seen()
    {
        var pod = await RelayingAsync();
        var (dan, eve) = (Guid.NewGuid(), Guid.NewGuid());
        await ReadAllAsync(pod);
        Assert.Null(await EfCacheTest.NameOfAsync(pod, dan));
        Assert.Null(await EfCacheTest.NameOfAsync(pod, eve));

        await ExecuteAsync(
            $"""
            INSERT INTO users ("Id", "Name", "Email", "GroupId", "Status", "Tags")
            VALUES ('{dan}', 'Dan', '', 2, 'Active', ARRAY[]::text[]);
            """);
        await AcknowledgedAsync();
        Assert.Equal("Dan", await EfCacheTest.NameOfAsync(pod, dan));
        Assert.Equal("Cyd Dan", await EfCacheTest.NamesOfGroupAsync(pod, 2));

        await ExecuteAsync($"""UPDATE users SET "Id" = '{eve}' WHERE "Id" = '{dan}'""");
        await AcknowledgedAsync();
        Assert.Null(await EfCacheTest.NameOfAsync(pod, dan));
        Assert.Equal("Dan", await EfCacheTest.NameOfAsync(pod, eve));
        Assert.Equal("Cyd Dan", await EfCacheTest.NamesOfGroupAsync(pod, 2));

        await ExecuteAsync($"""DELETE FROM users WHERE "Id" = '{eve}'""");
        await AcknowledgedAsync();
        Assert.Null(await EfCacheTest.NameOfAsync(pod, eve));
        Assert.Equal("Cyd", await EfCacheTest.NamesOfGroupAsync(pod, 2));
    }

    [Fact]
    public async Task A_truncated_table_and_those_that_it_cascades_to_are_invalidated()
    {
        var pod = await RelayingAsync();
        Assert.Equal((3, 2), (await OrdersAsync(pod), await LinesOfFirstOrderAsync(pod)));

        await ExecuteAsync("TRUNCATE orders CASCADE");
        await AcknowledgedAsync();

        Assert.Equal((0, 0), (await OrdersAsync(pod), await LinesOfFirstOrderAsync(pod)));
    }

    [Fact]
    public async Task What_the_database_cascades_to_and_what_triggers_write_is_seen()
    {
        await ExecuteAsync(
            """
            CREATE FUNCTION note() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN UPDATE roles SET "Name" = 'noted'; RETURN NEW; END $$;
            CREATE TRIGGER note AFTER UPDATE ON documents FOR EACH STATEMENT EXECUTE FUNCTION note();
            """);
        var pod = await RelayingAsync();
        Assert.Equal((3, 2), (await OrdersAsync(pod), await LinesOfFirstOrderAsync(pod)));
        Assert.Equal(0, await NotedRolesAsync(pod));

        await ExecuteAsync("""DELETE FROM users WHERE "Name" = 'Ada'; UPDATE documents SET "Title" = 'x';""");
        await AcknowledgedAsync();

        Assert.Equal((1, 0), (await OrdersAsync(pod), await LinesOfFirstOrderAsync(pod)));
        Assert.Equal(2, await NotedRolesAsync(pod));
    }

    [Fact]
    public async Task A_transaction_counts_when_it_is_committed_and_not_if_it_is_rolled_back()
    {
        await ExecuteAsync("ALTER TABLE users REPLICA IDENTITY FULL");
        var pod = await RelayingAsync();
        await ReadAllAsync(pod);

        await ExecuteAsync("""BEGIN; UPDATE users SET "Name" = 'x'; ROLLBACK;""");
        await AcknowledgedAsync();
        Assert.Equal(0, await EfCacheTest.MissesAsync(pod, () => EfCacheTest.NamesAsync(pod)));

        await ExecuteAsync(
            """
            BEGIN; UPDATE users SET "Name" = 'Augusta' WHERE "Name" = 'Ada';
            SAVEPOINT s; UPDATE users SET "Name" = 'x'; ROLLBACK TO s; COMMIT;
            BEGIN; UPDATE users SET "Name" = 'Robert' WHERE "Name" = 'Bob'; PREPARE TRANSACTION 'later';
            """);
        await ExecuteAsync("COMMIT PREPARED 'later'");
        await AcknowledgedAsync();
        Assert.Equal("Augusta Cyd Robert", await EfCacheTest.NamesAsync(pod));
    }

    [Fact]
    public async Task A_transaction_of_many_rows_invalidates_its_tables()
    {
        var pod = await RelayingAsync();
        await ReadAllAsync(pod);

        await ExecuteAsync(
            """
            INSERT INTO users ("Id", "Name", "Email", "GroupId", "Status", "Tags")
            SELECT gen_random_uuid(), 'Zoe', '', 2, 'Active', ARRAY[]::text[] FROM generate_series(1, 20000);
            """);
        await AcknowledgedAsync();

        Assert.Equal(20_003, await pod.WithAsync(static db => db.Users.Cached().CountAsync(Token)));
        Assert.InRange(pod.Relays[0].Counts.Marks, 1, 1_000);
    }

    private static async Task ReadAllAsync(EfPod pod)
    {
        Assert.Equal("Ada Bob Cyd", await EfCacheTest.NamesAsync(pod));
        Assert.Equal("Ada Bob", await EfCacheTest.NamesOfGroupAsync(pod, 1));
        Assert.Equal("Cyd", await EfCacheTest.NamesOfGroupAsync(pod, 2));
        foreach (var id in ShopData.UserIds)
            Assert.NotNull(await EfCacheTest.NameOfAsync(pod, id));
    }

    private static Task<int> OrdersAsync(EfPod pod) => pod.WithAsync(static db => db.Orders.Cached().CountAsync(Token));

    private static Task<int> LinesOfFirstOrderAsync(EfPod pod) =>
        pod.WithAsync(static db => db.OrderLines.Where(static line => line.OrderId == 1).Cached().CountAsync(Token));

    private static Task<int> NotedRolesAsync(EfPod pod) =>
        pod.WithAsync(static db => db.Roles.Where(static role => role.Name == "noted").Cached().CountAsync(Token));
}
