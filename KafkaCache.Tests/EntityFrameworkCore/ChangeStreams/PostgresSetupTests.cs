namespace KafkaCaching.Tests.EntityFrameworkCore.ChangeStreams;

/// <summary>If something is missing in the database, the message contains the command that adds it.</summary>
public sealed class PostgresSetupTests(PostgresFixture postgres) : PostgresRelayTest(postgres)
{
    [Fact]
    public async Task Without_CreateMissing_the_printed_commands_suffice()
    {
        var problem = await ProblemAsync(await PodAsync(static options => options.CreateMissing = false));
        Assert.Contains(
            $"there is no slot {Slot}. Set CreateMissing, or run CREATE PUBLICATION \"{Slot}\" FOR TABLE ", problem,
            StringComparison.Ordinal);

        var commands = problem[problem.IndexOf("CREATE PUBLICATION", StringComparison.Ordinal)..].Split(" and call ")[0];
        foreach (var command in commands.Split("; "))
            await ExecuteAsync(command);
        var pod = await RelayingAsync(static options => options.CreateMissing = false);
        Assert.Equal(0, pod.Relays[0].Counts.Clears);
    }

    [Theory]
    [InlineData("CREATE PUBLICATION {0} FOR ALL TABLES WITH (publish = 'insert')", "SET (publish = 'insert, update, delete, truncate')")]
    [InlineData(
        "CREATE PUBLICATION {0} FOR ALL TABLES WITH (publish_via_partition_root = true)", "SET (publish_via_partition_root = false)")]
    [InlineData("CREATE PUBLICATION {0} FOR TABLE users WHERE (\"GroupId\" > 1)", "leaves out rows of public.users")]
    [InlineData("DROP VIEW order_totals; DROP TABLE order_lines, orders", "The database has no table \"")]
    [InlineData("ALTER TABLE roles REPLICA IDENTITY NOTHING", "ALTER TABLE roles REPLICA IDENTITY FULL")]
    [InlineData("SELECT pg_create_logical_replication_slot('{0}', 'test_decoding')", "another plugin than pgoutput. Set Slot")]
    [InlineData("CREATE ROLE {0} LOGIN; GRANT ALL ON ALL TABLES IN SCHEMA public TO {0}", "GRANT CREATE ON DATABASE")]
    [InlineData("CREATE ROLE {0} LOGIN; CREATE PUBLICATION {0} FOR ALL TABLES", "ALTER ROLE ... REPLICATION")]
    public async Task Faults_are_reported_with_a_remedy(string sql, string told)
    {
        await ExecuteAsync(sql.Replace("{0}", Slot, StringComparison.Ordinal));
        var role = sql.StartsWith("CREATE ROLE", StringComparison.Ordinal) ? Slot : "postgres";
        var pod = await PodAsync(options => options.ConnectionString = $"{Database.Connection};Username={role}");

        var problem = await ProblemAsync(pod);

        Assert.Contains(told, problem, StringComparison.Ordinal);
        if (role == Slot)
            await ExecuteAsync($"DROP OWNED BY {Slot}; DROP ROLE {Slot}");
    }

    [Fact]
    public async Task A_publication_of_all_tables_will_do()
    {
        await ExecuteAsync($"CREATE PUBLICATION {Slot} FOR ALL TABLES");
        var pod = await RelayingAsync();
        Assert.Equal("Ada Bob Cyd", await EfCacheTest.NamesAsync(pod));

        await ExecuteAsync("""CREATE TABLE strange (id int PRIMARY KEY); INSERT INTO strange VALUES (1); UPDATE users SET "Name" = 'x'""");
        await AcknowledgedAsync();

        Assert.Equal("x x x", await EfCacheTest.NamesAsync(pod));
    }
}
