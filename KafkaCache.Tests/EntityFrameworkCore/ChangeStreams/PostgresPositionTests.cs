using KafkaCaching.Testing;
using KafkaCaching.Tests.Brokers;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using Npgsql.Replication;
using Npgsql.Replication.PgOutput;

namespace KafkaCaching.Tests.EntityFrameworkCore.ChangeStreams;

/// <summary>No change is missed if a relay ends or its position is lost.</summary>
public sealed class PostgresPositionTests(PostgresFixture postgres) : PostgresRelayTest(postgres)
{
    [Fact]
    public async Task The_next_relay_invalidates_what_changed_while_none_ran_and_nothing_else()
    {
        var reader = await PodAsync();
        await using (var first = await RelayingAsync())
        {
            Assert.Equal(1, first.Relays[0].Counts.Clears);
            await AcknowledgedAsync();
        }

        Assert.Equal("Ada Bob Cyd", await EfCacheTest.NamesAsync(reader));
        Assert.Equal(3, await CountOrdersAsync(reader));
        await ExecuteAsync("""UPDATE users SET "Name" = 'Augusta' WHERE "Name" = 'Ada'""");
        Assert.Equal("Ada Bob Cyd", await EfCacheTest.NamesAsync(reader));

        var next = await RelayingAsync();
        await AcknowledgedAsync();

        Assert.Equal(0, next.Relays[0].Counts.Clears);
        Assert.Equal("Augusta Bob Cyd", await EfCacheTest.NamesAsync(reader));
        Assert.Equal(0, await EfCacheTest.MissesAsync(reader, () => CountOrdersAsync(reader)));
    }

    [Fact]
    public async Task A_position_is_not_acknowledged_before_its_marks_are_written()
    {
        var pod = await RelayingAsync();
        Assert.Equal("Ada Bob Cyd", await EfCacheTest.NamesAsync(pod));
        await Topic.SettleAsync(Token);

        // Both marks of the change fail, so the relay has to read the change again from its position.
        Topic.FailPuts(count: 2);
        await ExecuteAsync("""UPDATE users SET "Name" = 'Augusta' WHERE "Name" = 'Ada'""");
        await ProblemAsync(pod);
        await AcknowledgedAsync(mayBreak: true);

        Assert.Equal("Augusta Bob Cyd", await EfCacheTest.NamesAsync(pod));
    }

    [Fact]
    public async Task A_new_slot_is_there_only_after_everything_is_invalidated()
    {
        var pod = await PodAsync(static _ => { });
        Assert.Equal("Ada Bob Cyd", await EfCacheTest.NamesAsync(pod));
        await Topic.SettleAsync(Token);
        await ExecuteAsync("""UPDATE users SET "Name" = 'Augusta' WHERE "Name" = 'Ada'""");

        Topic.FailPuts(count: 1);
        await ProblemAsync(pod);
        await AcknowledgedAsync(mayBreak: true);

        Assert.Equal(1, pod.Relays[0].Counts.Clears);
        Assert.Equal("Augusta Bob Cyd", await EfCacheTest.NamesAsync(pod));
    }

    [Fact]
    public Task A_missing_slot_is_created_again_and_everything_is_invalidated() =>
        AssertAllIsInvalidatedAfterAsync($"SELECT pg_drop_replication_slot('{Slot}')");

    [Fact]
    public Task A_publication_that_lacked_a_table_is_mended_and_everything_is_invalidated() =>
        AssertAllIsInvalidatedAfterAsync($"ALTER PUBLICATION {Slot} DROP TABLE users");

    [Fact]
    public async Task A_publication_that_gets_a_row_filter_while_the_relay_runs_is_noticed()
    {
        var pod = await RelayingAsync();
        await ExecuteAsync(
            $"""
            DO $do$
            DECLARE published text := (
                SELECT string_agg(format('%I', tablename) || CASE tablename WHEN 'roles' THEN ' WHERE ("Id" > 1)' ELSE '' END, ', ')
                FROM pg_publication_tables WHERE pubname = '{Slot}');
            BEGIN EXECUTE 'ALTER PUBLICATION {Slot} SET TABLE ' || published; END $do$
            """);

        Assert.Contains("leaves out rows of public.roles", await ProblemAsync(pod), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_broken_connection_is_opened_again()
    {
        var pod = await RelayingAsync();
        Assert.Equal("Ada Bob Cyd", await EfCacheTest.NamesAsync(pod));

        await ExecuteAsync($"SELECT pg_terminate_backend(active_pid) FROM pg_replication_slots WHERE slot_name = '{Slot}'");
        await ExecuteAsync("""UPDATE users SET "Name" = 'Augusta' WHERE "Name" = 'Ada'""");
        await AcknowledgedAsync(mayBreak: true);

        Assert.Equal("Augusta Bob Cyd", await EfCacheTest.NamesAsync(pod));
        Assert.Equal(1, pod.Relays[0].Counts.Clears);
    }

    [Fact]
    public async Task An_earlier_relay_that_still_holds_the_slot_is_cut_off()
    {
        await using (await RelayingAsync())
            await AcknowledgedAsync();
        await using var frozen = await HoldAsync("kafkacache shop.ef");

        await RelayingAsync();

        Assert.True(frozen.IsCutOff());
    }

    [Fact]
    public async Task A_relay_that_was_cut_off_while_it_created_the_slot_is_replaced()
    {
        await using var frozen = new NpgsqlConnection(
            new NpgsqlConnectionStringBuilder(Database.Connection) { ApplicationName = "kafkacache shop.ef", Pooling = false }
                .ConnectionString);
        await frozen.OpenAsync(Token);
        await using (var creating = new NpgsqlCommand($"SELECT pg_create_logical_replication_slot('{Slot}_new', 'pgoutput', true)", frozen))
            await creating.ExecuteNonQueryAsync(Token);

        var pod = await RelayingAsync();

        Assert.Equal(1, pod.Relays[0].Counts.Clears);
    }

    [Fact]
    public async Task The_lag_grows_while_a_new_slot_waits_for_open_transactions()
    {
        await using var connection = new NpgsqlConnection(Database.Connection);
        await connection.OpenAsync(Token);
        await using var open = await connection.BeginTransactionAsync(Token);
        await using (var writing = new NpgsqlCommand("SELECT pg_current_xact_id()", connection, open))
            await writing.ExecuteNonQueryAsync(Token);
        var pod = await PodAsync(static _ => { });
        await pod.Relays[0].StartAsync(Token);

        await Eventually.TrueAsync(() => pod.Relays[0].Counts.Lag > TimeSpan.FromMilliseconds(100));

        Assert.Equal(0, pod.Relays[0].Counts.Clears);
        await open.RollbackAsync(Token);
        await ReadsAsync(pod);
        Assert.Equal(1, pod.Relays[0].Counts.Clears);
    }

    [Fact]
    public async Task A_slot_that_another_program_reads_is_left_to_it()
    {
        await using (await RelayingAsync())
            await AcknowledgedAsync();
        await using var other = await HoldAsync("reports");

        Assert.Contains(
            "is read by another program, 'reports'. Set Slot", await ProblemAsync(await PodAsync(static _ => { })),
            StringComparison.Ordinal);

        Assert.False(other.IsCutOff());
    }

    [Fact]
    public async Task A_slot_that_serves_another_cache_is_left_to_it()
    {
        var first = await RelayingAsync();
        var other = await PodAsync(static _ => { }, new InMemoryTopic(partitions: 3, TimeProvider.System, "other.ef"));

        Assert.Contains("is read by another program, 'kafkacache shop.ef'", await ProblemAsync(other), StringComparison.Ordinal);

        Assert.Equal(0, first.Relays[0].Counts.Failures);
    }

    [Fact]
    public async Task The_position_moves_while_nothing_changes()
    {
        await RelayingAsync();
        var before = await ScalarAsync<string>($"SELECT confirmed_flush_lsn::text FROM pg_replication_slots WHERE slot_name = '{Slot}'");
        await Eventually.TrueAsync(
            () => ScalarAsync<bool>($"SELECT confirmed_flush_lsn > '{before}' FROM pg_replication_slots WHERE slot_name = '{Slot}'"),
            "the position moves");
    }

    private static Task<int> CountOrdersAsync(EfPod pod) => pod.WithAsync(static db => db.Orders.Cached().CountAsync(Token));

    private async Task<Holder> HoldAsync(string application)
    {
        var ended = new CancellationTokenSource();
        var connection = new LogicalReplicationConnection(
            new NpgsqlConnectionStringBuilder(Database.Connection) { ApplicationName = application }.ConnectionString);
        await connection.Open(Token);
        var messages = connection.StartReplication(
            new PgOutputReplicationSlot(Slot), new PgOutputReplicationOptions(Slot, PgOutputProtocolVersion.V1), ended.Token);
        var reading = Task.Run(async () =>
        {
            await foreach (var _ in messages)
            {
                // The messages are discarded.
            }
        });
        await Eventually.TrueAsync(
            () => ScalarAsync<bool>($"SELECT active_pid IS NOT NULL FROM pg_replication_slots WHERE slot_name = '{Slot}'"), "it is held");
        return new Holder(connection, reading, ended);
    }

    private sealed class Holder(LogicalReplicationConnection connection, Task reading, CancellationTokenSource ended) : IAsyncDisposable
    {
        public bool IsCutOff() => reading.IsFaulted;

        public async ValueTask DisposeAsync()
        {
            await ended.CancelAsync();
            await reading.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await connection.DisposeAsync();
            ended.Dispose();
        }
    }

    // After the position is lost, a row is changed in such a way that no relay can read the change.
    private async Task AssertAllIsInvalidatedAfterAsync(string loss)
    {
        var reader = await PodAsync();
        await using (await RelayingAsync())
            await AcknowledgedAsync();
        Assert.Equal("Ada Bob Cyd", await EfCacheTest.NamesAsync(reader));
        await ExecuteAsync(loss);
        await ExecuteAsync("""UPDATE users SET "Name" = 'Augusta' WHERE "Name" = 'Ada'""");

        var next = await RelayingAsync();
        await AcknowledgedAsync();

        Assert.Equal(1, next.Relays[0].Counts.Clears);
        Assert.Equal("Augusta Bob Cyd", await EfCacheTest.NamesAsync(reader));
    }
}
