using KafkaCaching.Tests.Brokers;
using Microsoft.Extensions.DependencyInjection;

namespace KafkaCaching.Tests.EntityFrameworkCore.ChangeStreams;

/// <summary>Pods on real brokers, one of which relays the records of a connector that the test simulates.</summary>
public sealed class DebeziumRelayTests(RealBrokerFixture real, PostgresFixture postgres)
{
    private const int RelayFailed = 585;

    private readonly string _topic = TestKafka.UniqueTopic("relayed");
    private readonly string _prefix = TestKafka.UniqueTopic("dbz");

    private string Users => $"{_prefix}.public.users";

    [Fact]
    public async Task A_record_invalidates_in_all_pods_and_the_next_relay_reads_what_came_while_none_ran()
    {
        var kafka = await real.ConnectAsync();
        await kafka.CreateTopicAsync(Users, partitions: 2);
        await using var database = await ShopDatabase.CreateAsync(Provider.Sqlite, postgres);
        await using var reader = await RelayHost.StartAsync(kafka.BootstrapServers, _topic, database.Use);
        await using (var first = await RelayingAsync(kafka, database))
        {
            Assert.Equal(1, first.Relay.Counts.Clears);
            Assert.Equal("Ada", await reader.NameOfAsync(ShopData.Ada));
            await ChangeAsync(kafka, database, ShopData.Ada, "Augusta");
            await ReadsAsync(reader, ShopData.Ada, "Augusta");
            await ReadsAsync(first, ShopData.Ada, "Augusta");
            await CaughtUpAsync(kafka);
        }

        Assert.Equal("Bob", await reader.NameOfAsync(ShopData.Bob));
        await ChangeAsync(kafka, database, ShopData.Bob, "Robert");
        Assert.Equal("Bob", await reader.NameOfAsync(ShopData.Bob));

        await using var next = await RelayingAsync(kafka, database);
        await ReadsAsync(reader, ShopData.Bob, "Robert");
        Assert.Equal(0, next.Relay.Counts.Clears);
    }

    [Fact]
    public async Task A_topic_that_is_new_is_read_from_its_beginning()
    {
        var kafka = await real.ConnectAsync();
        await kafka.CreateTopicAsync($"{_prefix}.public.roles");
        await using var database = await ShopDatabase.CreateAsync(Provider.Sqlite, postgres);
        await using var pod = await RelayingAsync(kafka, database);
        Assert.Equal("Ada", await pod.NameOfAsync(ShopData.Ada));

        await kafka.CreateTopicAsync(Users);
        await ChangeAsync(kafka, database, ShopData.Ada, "Augusta");

        await ReadsAsync(pod, ShopData.Ada, "Augusta");
        Assert.Equal(1, pod.Relay.Counts.Clears);
    }

    [Fact]
    public async Task Records_that_are_gone_before_they_were_read_invalidate_everything()
    {
        var kafka = await real.ConnectAsync();
        await kafka.CreateTopicAsync(Users, configuration: ("cleanup.policy", "delete"));
        await using var database = await ShopDatabase.CreateAsync(Provider.Sqlite, postgres);
        await using var reader = await RelayHost.StartAsync(kafka.BootstrapServers, _topic, database.Use);
        await using (await RelayingAsync(kafka, database))
            await CaughtUpAsync(kafka);
        Assert.Equal("Ada", await reader.NameOfAsync(ShopData.Ada));
        await ChangeAsync(kafka, database, ShopData.Ada, "Augusta");
        await kafka.DeleteRecordsAsync(Users, 0, await kafka.EndOffsetAsync(Users, 0));

        await using var next = await RelayingAsync(kafka, database);

        await ReadsAsync(reader, ShopData.Ada, "Augusta");
        Assert.Equal(1, next.Relay.Counts.Clears);
    }

    [Fact]
    public async Task A_record_without_its_envelope_is_reported_and_not_skipped()
    {
        var kafka = await real.ConnectAsync();
        await kafka.CreateTopicAsync(Users);
        await using var database = await ShopDatabase.CreateAsync(Provider.Sqlite, postgres);
        await using var pod = await RelayingAsync(kafka, database);
        await CaughtUpAsync(kafka);
        var before = await kafka.EndOffsetAsync(Users, 0);

        await kafka.ProduceAsync(Users, "x", """{"Id":1,"Name":"secret"}""");
        await Eventually.TrueAsync(() => pod.Log.Logger.Lines.Any(static line => line.Id == RelayFailed), TimeSpan.FromMinutes(1));

        var told = pod.Log.Logger.Lines.First(static line => line.Id == RelayFailed).Text;
        Assert.Contains($"The record at {Users} [[0]] @{before} can't be used", told, StringComparison.Ordinal);
        Assert.Contains("ExtractNewRecordState", told, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", told, StringComparison.Ordinal);
    }

    private async Task<RelayHost> RelayingAsync(TestKafka kafka, ShopDatabase database)
    {
        var pod = await RelayHost.StartAsync(
            kafka.BootstrapServers, _topic, database.Use, cache => cache.InvalidateFromDebezium<ShopContext>($"{_prefix}.*", relay =>
            {
                relay.ElectionTopic = $"{_topic}-election";
                relay.TopicInterval = TimeSpan.FromSeconds(1);
            }));
        await Eventually.TrueAsync(() => pod.Relay.Counts.Lag is not null, TimeSpan.FromMinutes(1));
        return pod;
    }

    private static Task ReadsAsync(RelayHost pod, Guid id, string name) =>
        Eventually.TrueAsync(async () => await pod.NameOfAsync(id) == name, $"{name} is read", TimeSpan.FromMinutes(1));

    private async Task ChangeAsync(TestKafka kafka, ShopDatabase database, Guid id, string name)
    {
        await database.ExecuteUnseenAsync($"""UPDATE users SET "Name" = {name} WHERE "Id" = {id}""");
        var row = $$"""{"Id":"{{id}}","Name":"{{name}}","GroupId":1}""";
        await kafka.ProduceAsync(
            Users, $$"""{"Id":"{{id}}"}""",
            $$$"""{"before":{{{row}}},"after":{{{row}}},"op":"u","ts_ms":2,"source":{"connector":"mysql","db":"shop","table":"users"}}""");
    }

    private Task CaughtUpAsync(TestKafka kafka) => Eventually.TrueAsync(
        async () =>
        {
            var offsets = await kafka.Admin.ListConsumerGroupOffsetsAsync(
                [new Confluent.Kafka.ConsumerGroupTopicPartitions($"{_topic}.changes.{_prefix}.*", null!)]);
            foreach (var one in offsets[0].Partitions)
            {
                if (one.Offset.Value < await kafka.EndOffsetAsync(one.Topic, one.Partition.Value))
                    return false;
            }

            return offsets[0].Partitions.Count > 0;
        },
        "all offsets are committed",
        TimeSpan.FromMinutes(1));
}
