using System.Globalization;
using System.Net.Http.Json;
using Confluent.Kafka.Admin;
using KafkaCaching.Tests.Brokers;
using KafkaCaching.Tests.EntityFrameworkCore;

namespace KafkaCaching.Tests.Demo;

public sealed class RealKafkaDemoTests(RealBrokerFixture real, PostgresFixture postgres)
{
    [Fact]
    public async Task Before_ready_a_read_is_503_with_the_progress_and_the_status_says_why()
    {
        var kafka = await real.ConnectAsync();
        var topic = await kafka.CreateTopicAsync();
        await kafka.ProduceAsync(topic, "key", "value");
        using var transaction = await kafka.BeginTransactionAsync(topic, TestRecord.Of("key", "not yet"));
        await using var demo = DemoProcess.Start("--bootstrap-servers", kafka.BootstrapServers, "--topic", topic);
        await demo.ListensAsync();

        var read = await demo.GetAsync($"/topics/{topic}/key");
        read.AssertProblem(503);
        Assert.InRange(read.Json.GetProperty("progress").GetDouble(), 0, 1);
        Assert.True(int.Parse(read.Header("Retry-After")!, CultureInfo.InvariantCulture) > 0);
        await Eventually.TrueAsync(
            async () => (await demo.GetAsync($"/topics/{topic}")).Text.Contains("transaction", StringComparison.Ordinal),
            "the status names the open transaction");

        await transaction.CommitAsync();
        await Eventually.TrueAsync(async () => (await demo.GetAsync($"/topics/{topic}/key")).Status == 200, "ready after the commit");
        Assert.Equal("not yet", (await demo.GetAsync($"/topics/{topic}/key")).Text);
    }

    [Fact]
    public async Task A_missing_topic_is_created_compacted_only_when_asked()
    {
        var kafka = await real.ConnectAsync();
        var topic = TestKafka.UniqueTopic();

        await using var refused = DemoProcess.Start("--bootstrap-servers", kafka.BootstrapServers, "--topic", topic);
        Assert.Equal(1, await refused.ExitCodeAsync(TimeSpan.FromSeconds(60)));
        await using var demo = await DemoProcess.StartReadyAsync("--kafka", kafka.BootstrapServers, "--topic", topic, "--create");
        var described = await kafka.Admin.DescribeConfigsAsync([new ConfigResource { Type = ResourceType.Topic, Name = topic }]);

        Assert.Contains("--create", refused.Error, StringComparison.Ordinal);
        Assert.Equal("compact", described[0].Entries["cleanup.policy"].Value);
    }

    [Fact]
    public async Task Orders_are_read_aside_from_a_PostgreSQL_that_is_configured()
    {
        var kafka = await real.ConnectAsync();
        var topic = await kafka.CreateTopicAsync();
        string[] topics = ["--topic", topic];
        await using var demo = DemoProcess.Start(topics, kafka.BootstrapServers, await postgres.CreateDatabaseAsync());
        await demo.ReadyAsync();
        for (var number = 1; number <= 2; number++)
        {
            var added = await demo.SendAsync(HttpMethod.Post, "/orders", JsonContent.Create(new { customer = "ada", cents = 1 }));
            Assert.Equal(201, added.Status);
            for (var i = 0; i < 2; i++)
                Assert.Equal(number, (await demo.GetAsync("/orders")).Json.GetProperty("orders").GetArrayLength());
        }

        Assert.Equal("Ready", (await demo.GetAsync("/topics/orders.ef")).Json.GetProperty("phase").GetString());
    }

    [Fact]
    public async Task A_page_that_one_instance_has_made_is_served_by_another_until_an_order_is_added_in_either()
    {
        var kafka = await real.ConnectAsync();
        string[] topics = ["--topic", await kafka.CreateTopicAsync()];
        var orders = await postgres.CreateDatabaseAsync();
        await using var one = DemoProcess.Start(topics, kafka.BootstrapServers, orders);
        await one.ReadyAsync();
        await using var two = DemoProcess.Start(topics, kafka.BootstrapServers, orders);
        await two.ReadyAsync();

        foreach (var (adding, other) in new[] { (one, two), (two, one) })
        {
            var before = "";
            await Eventually.TrueAsync(
                async () => (before = await PageAsync(adding)) == await PageAsync(other), "the other serves it too");
            var body = JsonContent.Create(new { customer = "ada", cents = 1 });
            Assert.Equal(201, (await adding.SendAsync(HttpMethod.Post, "/orders", body)).Status);
            await Eventually.TrueAsync(
                async () => await PageAsync(adding) is var made && made != before && await PageAsync(other) == made,
                "both serve the next one");
        }

        static async Task<string> PageAsync(DemoProcess demo) => (await demo.GetAsync("/orders/page")).Text;
    }

    [Fact]
    public async Task A_caught_up_demo_shows_no_lag_and_the_end_of_every_partition()
    {
        var kafka = await real.ConnectAsync();
        var topic = await kafka.CreateTopicAsync(partitions: 3);
        await kafka.ProduceAsync(topic, Enumerable.Range(0, 100).Select(i => TestRecord.Of($"key {i}", "value")));
        await using var demo = await DemoProcess.StartReadyAsync("--bootstrap-servers", kafka.BootstrapServers, "--topic", topic);

        var metrics = (await demo.GetAsync("/metrics")).Text;

        for (var partition = 0; partition < 3; partition++)
        {
            var labels = $"cache=\"{topic}\",topic=\"{topic}\",partition=\"{partition}\"";
            var end = await kafka.EndOffsetAsync(topic, partition);
            Assert.Contains($"kafkacache_lag{{{labels}}} 0\n", metrics, StringComparison.Ordinal);
            Assert.Contains($"kafkacache_position{{{labels}}} {end}\n", metrics, StringComparison.Ordinal);
            Assert.Contains($"kafkacache_high_watermark{{{labels}}} {end}\n", metrics, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_real_Prometheus_sees_no_lag_when_caught_up_lag_behind_an_open_transaction_and_none_after_it()
    {
        Assert.SkipUnless(PrometheusServer.IsInstalled, "Needs prometheus on the PATH: Debian's package of that name.");
        var kafka = await real.ConnectAsync();
        var topic = await kafka.CreateTopicAsync(partitions: 2);
        await kafka.ProduceAsync(
            topic, Enumerable.Range(0, 100).Select(i => TestRecord.Of($"key {i}", "value") with { Partition = i % 2 }));
        await using var demo = await DemoProcess.StartReadyAsync("--bootstrap-servers", kafka.BootstrapServers, "--topic", topic);
        await using var prometheus = await PrometheusServer.StartAsync(demo.Address);

        await SeesAsync($"kafkacache_lag{{topic=\"{topic}\"}}", ("0", 0), ("1", 0));
        await SeesAsync($"kafkacache_high_watermark{{topic=\"{topic}\"}} - kafkacache_position", ("0", 0), ("1", 0));
        await SeesAsync($"kafkacache_entries{{topic=\"{topic}\"}}", ("", 100));

        // The two records of the open transaction can't be read yet, so they count as lag.
        using var transaction = await kafka.BeginTransactionAsync(
            topic, [TestRecord.Of("key 1", "next") with { Partition = 1 }, TestRecord.Of("key 3", "next") with { Partition = 1 }]);
        await SeesAsync($"kafkacache_lag{{topic=\"{topic}\"}}", ("0", 0), ("1", 2));
        await transaction.CommitAsync();
        await SeesAsync($"kafkacache_lag{{topic=\"{topic}\"}}", ("0", 0), ("1", 0));

        async Task SeesAsync(string query, params (string Partition, double Value)[] expected) => await Eventually.TrueAsync(
            async () => await prometheus.QueryAsync(query) is var seen && seen.Count == expected.Length
                && expected.All(sample => seen.TryGetValue(sample.Partition, out var value) && value == sample.Value),
            $"{query} is {string.Join(", ", expected)}",
            TimeSpan.FromSeconds(90));
    }
}
