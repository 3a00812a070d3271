using System.Diagnostics;
using System.Text;
using Confluent.Kafka;
using KafkaCaching.Testing;
using KafkaCaching.Tests.Brokers;

namespace KafkaCaching.Tests.Testing;

public sealed class RealKafkaTests
{
    [Fact]
    public async Task A_killed_node_comes_back_with_its_records_and_a_stopped_cluster_leaves_nothing()
    {
        KafkaRelease release = RealBrokerFixture.RequireRelease();
        RealKafka kafka = await RealKafka.StartAsync(new RealKafkaOptions { Release = release }, TestContext.Current.CancellationToken);
        await using (kafka)
        {
            using var outside = new TestKafka(kafka.BootstrapServers);
            var topic = await outside.CreateTopicAsync();
            await outside.ProduceAsync(topic, "a", "1");

            await kafka.KillAsync(cancellationToken: TestContext.Current.CancellationToken);
            await kafka.StartNodeAsync(cancellationToken: TestContext.Current.CancellationToken);
            await Eventually.TrueAsync(async () => (await outside.ReadAllAsync(topic)).Count == 1, "the record is there again");

            await kafka.PauseAsync();
            Task whilePaused = outside.ProduceAsync(topic, "b", "2");
            await Task.WhenAny(whilePaused, Task.Delay(TimeSpan.FromMilliseconds(300), TestContext.Current.CancellationToken));
            Assert.False(whilePaused.IsCompleted);
            await kafka.ResumeAsync();
            await whilePaused;
        }

        Assert.False(Directory.Exists(kafka.Directory));
    }

    [Fact]
    [Trait("Category", "Long")]
    public async Task Three_nodes_keep_serving_when_one_is_killed()
    {
        KafkaRelease release = RealBrokerFixture.RequireRelease();
        var options = new RealKafkaOptions { Release = release, Nodes = 3, HeapOptions = "-Xmx384m" };
        await using RealKafka kafka = await RealKafka.StartAsync(options, TestContext.Current.CancellationToken);
        using var outside = new TestKafka(kafka.BootstrapServers);
        var topic = await outside.CreateTopicAsync(partitions: 3);

        await kafka.KillAsync(node: 2, TestContext.Current.CancellationToken);
        await outside.ProduceAsync(topic, Enumerable.Range(0, 10).Select(static i => TestRecord.Of($"k{i}", "v")));
        await kafka.StartNodeAsync(node: 2, TestContext.Current.CancellationToken);

        Assert.Equal(10, (await outside.ReadAllAsync(topic, partitions: 3)).Count);
    }

    [Fact]
    public async Task A_setting_that_the_broker_refuses_is_reported_in_the_words_of_the_tool()
    {
        KafkaRelease release = RealBrokerFixture.RequireRelease();
        var options = new RealKafkaOptions
        {
            Release = release,
            Settings = new Dictionary<string, string>(StringComparer.Ordinal) { ["log.cleaner.threads"] = "many" },
        };

        var refused = await Assert.ThrowsAsync<InvalidOperationException>(
            () => RealKafka.StartAsync(options, TestContext.Current.CancellationToken));
        Assert.Contains("log.cleaner.threads", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_that_holds_no_release_is_refused()
    {
        var refused = Assert.Throws<DirectoryNotFoundException>(() => new KafkaRelease(Path.GetTempPath()));
        Assert.Contains("kafka-server-start.sh", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_tool_gets_its_input_and_its_failure_is_reported()
    {
        KafkaRelease release = RealBrokerFixture.RequireRelease();
        var failed = await Assert.ThrowsAsync<InvalidOperationException>(
            () => release.RunAsync("kafka-topics.sh", ["--no-such-option"], cancellationToken: TestContext.Current.CancellationToken));
        Assert.Contains("no-such-option", failed.Message, StringComparison.Ordinal);
    }
}
