using System.Diagnostics;
using KafkaCaching.Tests.Brokers;
using KafkaCaching.Tests.Leadership;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace KafkaCaching.Tests.EntityFrameworkCore.ChangeStreams;

/// <summary>Pods on real brokers, one of which relays the changes of a program that does not use the cache.</summary>
public sealed class RelayTakeoverTests(RealBrokerFixture real, PostgresFixture postgres)
{
    private const int MaxChanges = 20_000;

    private static readonly TimeSpan MaxTime = TimeSpan.FromSeconds(8);

    // The limit for a machine that is busy with other tests. The session timeout alone is 6 seconds.
    private static readonly TimeSpan MaxUnderLoad = TimeSpan.FromSeconds(30);

    private readonly string _topic = TestKafka.UniqueTopic("relayed");
    private readonly string _slot = $"kafkacache_{Guid.NewGuid():N}";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public Task A_killed_relay_is_replaced_and_nothing_is_missed() => KillAsync(rounds: 1, MaxUnderLoad);

    [Fact]
    [Trait("Category", "Soak")]
    public Task Twenty_killed_relays_are_each_replaced_within_eight_seconds_and_nothing_is_missed() => KillAsync(rounds: 20, MaxTime);

    [Fact]
    [Trait("Category", "Soak")]
    public async Task Changes_are_read_in_all_pods_within_a_second()
    {
        var kafka = await real.ConnectAsync();
        await using var database = await ShopDatabase.CreateAsync(Provider.PostgreSql, postgres);
        await using var source = NpgsqlDataSource.Create(database.Connection);
        await using var relaying = await RelayHost.StartAsync(
            kafka.BootstrapServers, _topic, database.Use,
            cache => cache.InvalidateFromPostgres<ShopContext>(relay =>
            {
                (relay.Slot, relay.Publication, relay.ElectionTopic) = (_slot, _slot, $"{_topic}-election");
            }));
        await using var other = await RelayHost.StartAsync(kafka.BootstrapServers, _topic, database.Use);
        await Eventually.TrueAsync(() => relaying.Relay.Counts.Probes > 0, TimeSpan.FromMinutes(1));
        var times = new List<double>();
        for (var i = 0; i < 500; i++)
        {
            var (id, name) = (ShopData.UserIds[i % ShopData.UserIds.Length], $"n{i}");
            await relaying.NameOfAsync(id);
            await other.NameOfAsync(id);
            await ExecuteAsync(source, $"""UPDATE users SET "Name" = '{name}' WHERE "Id" = '{id}'""");
            var committed = Stopwatch.GetTimestamp();
            foreach (var pod in (RelayHost[])[relaying, other])
            {
                while (await pod.NameOfAsync(id) != name)
                    await Task.Delay(1, Token);
            }

            times.Add(Stopwatch.GetElapsedTime(committed).TotalMilliseconds);
        }

        times.Sort();
        TestContext.Current.TestOutputHelper?.WriteLine(
            FormattableString.Invariant(
                $"from the commit to both pods: median {times[250]:F1} ms, p99 {times[494]:F1} ms, longest {times[^1]:F1} ms"));
        await relaying.DisposeAsync();
        await DropSlotAsync(source);
        Assert.InRange(times[494], 0, 1_000);
    }

    private async Task KillAsync(int rounds, TimeSpan maxTime)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Needs signals.");
        var kafka = await real.ConnectAsync();
        await using var database = await ShopDatabase.CreateAsync(Provider.PostgreSql, postgres);
        await using var source = NpgsqlDataSource.Create(database.Connection);
        await ExecuteAsync(
            source,
            $"""
            INSERT INTO users ("Id", "Name", "Email", "GroupId", "Status", "Tags")
            SELECT (lpad(to_hex(i), 8, '0') || '-0000-0000-0000-000000000000')::uuid, 'old', '', 5, 'Active', ARRAY[]::text[]
            FROM generate_series(1, {MaxChanges}) i;
            ALTER TABLE users REPLICA IDENTITY FULL;
            """);
        var times = new List<double>();
        var leader = await StartAsync(kafka, database, "0");
        await leader.WaitForAsync("relays");
        await using var reader = await RelayHost.StartAsync(kafka.BootstrapServers, _topic, database.Use);
        using var written = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var writing = WriteAsync(source, reader, written.Token);
        for (var round = 1; round <= rounds; round++)
        {
            var next = await StartAsync(kafka, database, $"{round}");
            await JoinedAsync(kafka);
            var killed = Stopwatch.GetTimestamp();
            leader.Kill();
            var (_, at) = await next.WaitForAsync("relays");
            times.Add(Stopwatch.GetElapsedTime(killed, at).TotalSeconds);
            await leader.DisposeAsync();
            leader = next;
        }

        await written.CancelAsync();
        var changes = await writing;
        for (var i = 1; i <= changes; i++)
            await Eventually.TrueAsync(async () => await reader.NameOfAsync(IdOf(i)) == "new", $"change {i} is read");
        await leader.DisposeAsync();
        await DropSlotAsync(source);
        times.Sort();
        TestContext.Current.TestOutputHelper?.WriteLine(
            FormattableString.Invariant(
                $"{changes} changes; from the kill to the next relay: median {times[times.Count / 2]:F2} s, longest {times[^1]:F2} s"));
        Assert.InRange(times[^1], 0, maxTime.TotalSeconds);
    }

    private Task<LeaderProcess> StartAsync(TestKafka kafka, ShopDatabase database, string name) => LeaderProcess.StartAsync(
        typeof(ChildRelay), nameof(ChildRelay.Run), name, (ChildRelay.ServersVariable, kafka.BootstrapServers),
        (ChildRelay.TopicVariable, _topic), (ChildRelay.DatabaseVariable, database.Connection), (ChildRelay.SlotVariable, _slot));

    // Each row is read and then changed only once, so that a later change can't hide a missed one.
    private static async Task<int> WriteAsync(NpgsqlDataSource source, RelayHost reader, CancellationToken stop)
    {
        for (var i = 1; i <= MaxChanges; i++)
        {
            if (stop.IsCancellationRequested)
                return i - 1;
            Assert.Equal("old", await reader.NameOfAsync(IdOf(i)));
            await ExecuteAsync(source, $"""UPDATE users SET "Name" = 'new' WHERE "Id" = '{IdOf(i)}'""");
            await Task.Delay(10, Token);
        }

        return MaxChanges;
    }

    private static Guid IdOf(int i) => new($"{i:x8}-0000-0000-0000-000000000000");

    private static async Task ExecuteAsync(NpgsqlDataSource source, string sql)
    {
        await using var command = source.CreateCommand(sql);
        await command.ExecuteNonQueryAsync(Token);
    }

    private async Task DropSlotAsync(NpgsqlDataSource source)
    {
        await Eventually.TrueAsync(
            async () =>
            {
                await using var command = source.CreateCommand(
                    $"SELECT count(*) FROM pg_replication_slots WHERE slot_name = '{_slot}' AND active_pid IS NOT NULL");
                return (long)(await command.ExecuteScalarAsync(Token))! == 0;
            },
            "the slot is free");
        await ExecuteAsync(source, $"SELECT pg_drop_replication_slot('{_slot}')");
    }

    private Task JoinedAsync(TestKafka kafka) => Eventually.TrueAsync(
        async () =>
        {
            var described = await kafka.Admin.DescribeConsumerGroupsAsync([$"{_topic}-election.{_topic}.changes.{_slot}"]);
            var group = described.ConsumerGroupDescriptions[0];
            return group.State == Confluent.Kafka.ConsumerGroupState.Stable && group.Members.Count == 2;
        },
        "the group has two members",
        TimeSpan.FromMinutes(1));
}
