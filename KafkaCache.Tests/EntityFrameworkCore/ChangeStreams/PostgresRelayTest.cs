using KafkaCaching.EntityFrameworkCore.PostgreSQL;
using KafkaCaching.Testing;
using KafkaCaching.Tests.Brokers;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace KafkaCaching.Tests.EntityFrameworkCore.ChangeStreams;

/// <summary>The base class of the tests of PostgreSQL's relay: a database, a topic, and pods, one of which relays.</summary>
public abstract class PostgresRelayTest(PostgresFixture postgres) : IAsyncLifetime
{
    private const int RelayFailed = 585;

    // The name is unique, because slots belong to the whole server, which the tests share.
    private readonly string _slot = $"kafkacache_{Guid.NewGuid():N}";
    private readonly List<EfPod> _pods = [];
    private ShopDatabase? _database;

    internal InMemoryTopic Topic { get; } = new(partitions: 3, TimeProvider.System, "shop.ef");

    internal ShopDatabase Database => _database!;

    internal string Slot => _slot;

    internal static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _database = await ShopDatabase.CreateAsync(Provider.PostgreSql, postgres);

    /// <summary>Starts a pod that relays, and waits until it reads the stream.</summary>
    internal async Task<EfPod> RelayingAsync(Action<PostgresRelayOptions>? configure = null)
    {
        var pod = await PodAsync(configure ?? (static _ => { }));
        await pod.Relays[0].StartAsync(Token);
        await ReadsAsync(pod);
        return pod;
    }

    /// <summary>Starts a pod, with a relay if one is configured. The test starts the relay.</summary>
    internal async Task<EfPod> PodAsync(Action<PostgresRelayOptions>? relay = null, InMemoryTopic? topic = null)
    {
        var pod = await EfPod.ReadyAsync(
            topic ?? Topic, TimeProvider.System, Database,
            options => (options.TimeToLive, options.Topic) = (TimeSpan.FromHours(1), (topic ?? Topic).Name),
            builder =>
            {
                if (relay is null)
                    return;
                builder.Services.AddDbContext<ShopContext>(Database.Use);
                builder.InvalidateFromPostgres<ShopContext>(options =>
                {
                    (options.Slot, options.Publication) = (_slot, _slot);
                    options.ProbeInterval = TimeSpan.FromSeconds(1);
                    relay(options);
                });
            });
        _pods.Add(pod);
        return pod;
    }

    /// <summary>Waits until a relay has acknowledged a probe, which shows that it reads.</summary>
    internal static async Task ReadsAsync(EfPod pod)
    {
        await Eventually.TrueAsync(
            () => Task.FromResult(pod.Relays[0].Counts.Probes > 0 || Problems(pod).Any()), "the relay reads", TimeSpan.FromMinutes(1));
        Assert.Equal("", string.Join(" ", Problems(pod)));
    }

    /// <summary>Waits until the relay has acknowledged everything that is committed by now.</summary>
    /// <param name="mayBreak">Whether the relay may lose its connection meanwhile.</param>
    internal async Task AcknowledgedAsync(bool mayBreak = false)
    {
        var end = await ScalarAsync<string>("SELECT pg_current_wal_lsn()::text");
        await Eventually.TrueAsync(
            async () => (!mayBreak && _pods.Exists(static pod => Problems(pod).Any())) || await ScalarAsync<bool>(
                $"SELECT COALESCE(bool_or(confirmed_flush_lsn >= '{end}'), false) FROM pg_replication_slots WHERE slot_name = '{_slot}'"),
            "the relay acknowledges what is committed", TimeSpan.FromMinutes(1));
        if (!mayBreak)
            Assert.Equal("", string.Join(' ', _pods.SelectMany(Problems)));
        await Topic.SettleAsync(Token);
    }

    /// <summary>Runs SQL without the cache, like another program.</summary>
    internal async Task ExecuteAsync(string sql)
    {
        await using var source = NpgsqlDataSource.Create(Database.Connection);
        await using var command = source.CreateCommand(sql);
        await command.ExecuteNonQueryAsync(Token);
    }

    internal async Task<T> ScalarAsync<T>(string sql)
    {
        await using var source = NpgsqlDataSource.Create(Database.Connection);
        await using var command = source.CreateCommand(sql);
        return (T)(await command.ExecuteScalarAsync(Token))!;
    }

    /// <summary>Starts the relay if necessary, and waits until it has logged the problem that keeps it from reading.</summary>
    internal static async Task<string> ProblemAsync(EfPod pod)
    {
        if (pod.Relays[0].ExecuteTask is null)
            await pod.Relays[0].StartAsync(Token);
        await Eventually.TrueAsync(() => Task.FromResult(Problems(pod).Any()), "a problem is logged", TimeSpan.FromMinutes(1));
        return Problems(pod).First();
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var pod in _pods)
            await pod.DisposeAsync();
        await ExecuteAsync(
            $"""
            SELECT pg_terminate_backend(active_pid) FROM pg_replication_slots WHERE slot_name = '{_slot}' AND active_pid IS NOT NULL;
            """);
        await Eventually.TrueAsync(
            () => ScalarAsync<bool>(
                $"SELECT count(*) = 0 FROM pg_replication_slots WHERE slot_name = '{_slot}' AND active_pid IS NOT NULL"),
            "the slot is free");
        await ExecuteAsync($"SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots WHERE slot_name = '{_slot}'");
        await Database.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    private static IEnumerable<string> Problems(EfPod pod) =>
        pod.Log.Logger.Lines.Where(static line => line.Id == RelayFailed).Select(static line => line.Text);
}
