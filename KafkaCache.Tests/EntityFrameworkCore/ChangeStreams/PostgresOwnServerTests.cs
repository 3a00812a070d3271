using KafkaCaching.Tests.Brokers;
using Npgsql;

namespace KafkaCaching.Tests.EntityFrameworkCore.ChangeStreams;

/// <summary>Tests with server-wide settings, each of which starts its own server.</summary>
public sealed class PostgresOwnServerTests
{
    [Fact]
    public async Task A_server_whose_wal_level_is_not_logical_is_refused_with_a_remedy()
    {
        await using var test = await OwnTest.StartAsync("wal_level=replica");
        Assert.Contains(
            "wal_level is replica. Run ALTER SYSTEM SET wal_level = 'logical', and restart",
            await PostgresRelayTest.ProblemAsync(await test.PodAsync(static _ => { })), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_without_room_for_a_slot_is_reported()
    {
        await using var test = await OwnTest.StartAsync("max_replication_slots=1");
        Assert.Contains(
            "Raise max_replication_slots",
            await PostgresRelayTest.ProblemAsync(await test.PodAsync(static _ => { })), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_slot_that_the_server_has_invalidated_is_created_again_and_everything_is_invalidated()
    {
        await using var test = await OwnTest.StartAsync("max_slot_wal_keep_size=1MB", "min_wal_size=32MB", "max_wal_size=32MB");
        var reader = await test.PodAsync();
        await using (await test.RelayingAsync())
            await test.AcknowledgedAsync();
        Assert.Equal("Ada Bob Cyd", await EfCacheTest.NamesAsync(reader));
        await test.ExecuteAsync("""UPDATE users SET "Name" = 'Augusta' WHERE "Name" = 'Ada'""");
        for (var i = 0; i < 4; i++)
            await test.ExecuteAsync("SELECT pg_logical_emit_message(false, 'x', 'x') FROM pg_switch_wal(); CHECKPOINT;");
        Assert.Equal(
            "lost", await test.ScalarAsync<string>($"SELECT wal_status FROM pg_replication_slots WHERE slot_name = '{test.Slot}'"));

        var next = await test.RelayingAsync();
        await test.AcknowledgedAsync();

        Assert.Equal(1, next.Relays[0].Counts.Clears);
        Assert.Equal("Augusta Bob Cyd", await EfCacheTest.NamesAsync(reader));
    }

    // With a synchronous replica, the server makes a commit visible to readers only after the replica has confirmed it, but sends the
    // commit to the relay earlier.
    [Fact]
    public async Task A_change_is_marked_when_readers_see_it_and_not_when_it_is_in_the_log()
    {
        await using var test = await OwnTest.StartAsync("synchronous_standby_names=nobody", "synchronous_commit=local");
        var pod = await test.RelayingAsync();
        await test.AcknowledgedAsync();
        var read = pod.Relays[0].Counts.Changes;
        Assert.Equal("Ada Bob Cyd", await EfCacheTest.NamesAsync(pod));

        var writing = test.ExecuteAsync("""SET synchronous_commit = on; UPDATE users SET "Name" = 'Augusta' WHERE "Name" = 'Ada';""");
        await Eventually.TrueAsync(() => Task.FromResult(pod.Relays[0].Counts.Changes > read), "the relay has read it");

        // This read fills the cache with the old row. The result would outlive the mark if the mark had already been written.
        var marks = pod.Relays[0].Counts.Marks;
        await pod.Cache.InvalidateAsync(["users"], PostgresRelayTest.Token);
        Assert.Equal("Ada Bob Cyd", await EfCacheTest.NamesAsync(pod));
        Assert.Equal(marks, pod.Relays[0].Counts.Marks);

        await test.ExecuteAsync("SELECT pg_cancel_backend(pid) FROM pg_stat_activity WHERE wait_event = 'SyncRep'");
        await writing;
        await test.AcknowledgedAsync();
        Assert.Equal("Augusta Bob Cyd", await EfCacheTest.NamesAsync(pod));
    }

    private sealed class OwnTest(PostgresFixture server) : PostgresRelayTest(server)
    {
        public static async Task<OwnServer> StartAsync(params string[] settings)
        {
            Assert.SkipWhen(
                Environment.GetEnvironmentVariable(PostgresFixture.ConnectionVariable) is { Length: > 0 },
                "Needs a server of its own.");
            return await OwnServer.StartAsync(settings);
        }

        /// <summary>A test with its own server, which is stopped after the test.</summary>
        internal sealed class OwnServer : IAsyncDisposable
        {
            private readonly PostgresFixture _server;
            private readonly OwnTest _test;

            private OwnServer(PostgresFixture server) => (_server, _test) = (server, new OwnTest(server));

            public string Slot => _test.Slot;

            public static async Task<OwnServer> StartAsync(string[] settings)
            {
                var own = new OwnServer(PostgresFixture.Own(settings));
                await own._test.InitializeAsync();
                return own;
            }

            public Task<EfPod> PodAsync(Action<KafkaCaching.EntityFrameworkCore.PostgreSQL.PostgresRelayOptions>? relay = null) =>
                _test.PodAsync(relay);

            public Task<EfPod> RelayingAsync() => _test.RelayingAsync();

            public Task AcknowledgedAsync() => _test.AcknowledgedAsync();

            public Task ExecuteAsync(string sql) => _test.ExecuteAsync(sql);

            public Task<T> ScalarAsync<T>(string sql) => _test.ScalarAsync<T>(sql);

            public async ValueTask DisposeAsync()
            {
                await _test.DisposeAsync();
                await _server.DisposeAsync();
            }
        }
    }
}
