using KafkaCaching.Tests.Brokers;
using Microsoft.EntityFrameworkCore;

namespace KafkaCaching.Tests.EntityFrameworkCore.ChangeStreams;

/// <summary>Tables and columns of all kinds: no change is missed, and other rows are not invalidated if the changed rows can be
/// determined.</summary>
public sealed class PostgresTablesTests(PostgresFixture postgres) : PostgresRelayTest(postgres)
{
    // The table is replaced with a partitioned one. The model remains the same.
    [Fact]
    public async Task Changes_of_a_partition_are_those_of_its_table()
    {
        await ExecuteAsync(
            """
            DROP TABLE roles CASCADE;
            CREATE TABLE roles ("Id" int PRIMARY KEY, "Name" text NOT NULL) PARTITION BY RANGE ("Id");
            CREATE TABLE roles_low PARTITION OF roles FOR VALUES FROM (0) TO (100) PARTITION BY RANGE ("Id");
            CREATE TABLE roles_lowest PARTITION OF roles_low FOR VALUES FROM (0) TO (10);
            CREATE TABLE roles_high PARTITION OF roles FOR VALUES FROM (100) TO (200);
            INSERT INTO roles VALUES (1, 'a'), (2, 'b'), (101, 'c');
            """);
        var pod = await RelayingAsync();
        Assert.Equal("a b c", await RolesAsync(pod));
        Assert.Equal("b", await RoleAsync(pod, 2));

        await ExecuteAsync("""UPDATE roles SET "Name" = 'x' WHERE "Id" = 1; UPDATE roles_high SET "Name" = 'y'""");
        await AcknowledgedAsync();
        Assert.Equal("x b y", await RolesAsync(pod));
        Assert.Equal(0, await EfCacheTest.MissesAsync(pod, () => RoleAsync(pod, 2)));

        await ExecuteAsync("TRUNCATE roles_lowest");
        await AcknowledgedAsync();
        Assert.Equal("y", await RolesAsync(pod));
        Assert.Null(await RoleAsync(pod, 2));
    }

    [Fact]
    public async Task Changes_of_a_table_that_inherits_are_those_of_its_parent_too()
    {
        await ExecuteAsync("""CREATE TABLE late_roles (PRIMARY KEY ("Id")) INHERITS (roles)""");
        var pod = await RelayingAsync();
        Assert.Equal("admins readers", await RolesAsync(pod));

        await ExecuteAsync("""INSERT INTO late_roles ("Id", "Name") VALUES (77, 'late')""");
        await AcknowledgedAsync();

        Assert.Equal("admins readers late", await RolesAsync(pod));
    }

    [Theory]
    [InlineData("DEFAULT")]
    [InlineData("FULL")]
    public async Task A_large_value_that_has_not_changed_hides_nothing(string identity)
    {
        await ExecuteAsync(
            $"""
            ALTER TABLE roles REPLICA IDENTITY {identity}; ALTER TABLE roles ALTER "Name" SET STORAGE EXTERNAL;
            UPDATE roles SET "Name" = repeat('x', 100000) WHERE "Id" = 1; ALTER TABLE roles ADD note int;
            """);
        var pod = await RelayingAsync();
        Assert.Equal(100_000, (await RoleAsync(pod, 1))!.Length);

        await ExecuteAsync("""UPDATE roles SET note = 1 WHERE "Id" = 1""");
        await AcknowledgedAsync();

        Assert.Equal(1, await EfCacheTest.MissesAsync(pod, () => RoleAsync(pod, 1)));
        Assert.Equal("readers", await RoleAsync(pod, 2));
    }

    [Fact]
    public async Task A_table_that_is_altered_meanwhile_is_read_by_its_current_columns()
    {
        var pod = await RelayingAsync();
        Assert.Equal(("admins", "readers"), (await RoleAsync(pod, 1), await RoleAsync(pod, 2)));

        await ExecuteAsync(
            """
            UPDATE roles SET "Name" = 'a' WHERE "Id" = 2;
            ALTER TABLE roles ADD moved int; UPDATE roles SET moved = "Id";
            ALTER TABLE roles DROP CONSTRAINT "PK_roles" CASCADE; ALTER TABLE roles DROP "Id"; ALTER TABLE roles RENAME moved TO "Id";
            ALTER TABLE roles ADD PRIMARY KEY ("Id");
            """);
        await AcknowledgedAsync();
        Assert.Equal(("admins", "a"), (await RoleAsync(pod, 1), await RoleAsync(pod, 2)));

        await ExecuteAsync("""UPDATE roles SET "Name" = 'b' WHERE "Id" = 2""");
        await AcknowledgedAsync();
        Assert.Equal(0, await EfCacheTest.MissesAsync(pod, () => RoleAsync(pod, 1)));
        Assert.Equal("b", await RoleAsync(pod, 2));
    }

    [Theory]
    [InlineData("""DROP TABLE roles CASCADE; CREATE TABLE roles ("Id" int PRIMARY KEY, "Name" text); INSERT INTO roles VALUES (1, 'a')""")]
    [InlineData("""DELETE FROM roles WHERE "Id" > 1; UPDATE roles SET "Name" = 'a'; ALTER PUBLICATION {0} DROP TABLE roles""")]
    public async Task A_table_that_is_not_published_any_more_while_the_relay_runs_is_published_again(string sql)
    {
        var pod = await RelayingAsync();

        await ExecuteAsync(sql.Replace("{0}", Slot, StringComparison.Ordinal));
        await Eventually.TrueAsync(() => pod.Relays[0].Counts.Clears == 2);
        Assert.Equal("a", await RolesAsync(pod));

        await ExecuteAsync("""UPDATE roles SET "Name" = 'b'""");
        await AcknowledgedAsync();
        Assert.Equal("b", await RolesAsync(pod));
        Assert.Equal(0, pod.Relays[0].Counts.Failures);
    }

    [Theory]
    [InlineData("int", true)]
    [InlineData("bigint", true)]
    [InlineData("smallint", true)]
    [InlineData("numeric(10, 2)", false)]
    public async Task A_key_of_any_type_is_invalidated_and_others_stay_where_it_can_be_compared(string type, bool isComparable)
    {
        // In the model, the key is a number. In the database, it may be of another type.
        await ExecuteAsync(
            $"""
            DROP TABLE roles CASCADE; CREATE TABLE roles ("Id" {type} PRIMARY KEY, "Name" text);
            INSERT INTO roles VALUES (1, 'a'), (2, 'b')
            """);
        var pod = await RelayingAsync();
        Assert.Equal(("a", "b"), (await RoleAsync(pod, 1), await RoleAsync(pod, 2)));

        await ExecuteAsync("""UPDATE roles SET "Name" = 'x' WHERE "Name" = 'a'""");
        await AcknowledgedAsync();

        Assert.Equal(isComparable ? 0 : 1, await EfCacheTest.MissesAsync(pod, () => RoleAsync(pod, 2)));
        Assert.Equal("x", await RoleAsync(pod, 1));
    }

    private static Task<string?> RoleAsync(EfPod pod, int id) => pod.WithAsync(async db => (await db.Roles.FindCachedAsync(id))?.Name);

    private static Task<string> RolesAsync(EfPod pod) => pod.WithAsync(static async db =>
        string.Join(' ', await db.Roles.OrderBy(static role => role.Id).Select(static role => role.Name).Cached().ToListAsync(Token)));
}
