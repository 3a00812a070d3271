using System.Diagnostics;
using System.Globalization;
using Confluent.Kafka;
using Confluent.Kafka.Admin;
using KafkaCaching.Tests.Brokers;

namespace KafkaCaching.Tests.Topics.Owned;

/// <summary>Creates and checks an application's own topics on a real Kafka.</summary>
public sealed class KafkaTopicsTests(RealBrokerFixture real)
{
    private static readonly TimeSpan AnHour = TimeSpan.FromHours(1);

    [Fact]
    public async Task A_missing_topic_is_created_as_required()
    {
        var kafka = await real.ConnectAsync();
        var required = TopicRequirements.ForCache(TestKafka.UniqueTopic(), partitions: 3, AnHour);

        var topic = await EnsureAsync(kafka, required);

        Assert.True(topic.IsCreated);
        Assert.True(topic.AreSettingsChecked);
        Assert.Equal(3, topic.Partitions);
        Assert.NotEmpty(topic.TopicId);
        var settings = await SettingsAsync(kafka, required.Name);
        Assert.Equal("compact,delete", settings["cleanup.policy"]);
        Assert.Equal("3600000", settings["retention.ms"]);
        Assert.Equal("LogAppendTime", settings["message.timestamp.type"]);
    }

    [Fact]
    public async Task A_topic_that_is_as_required_is_found()
    {
        var kafka = await real.ConnectAsync();
        var required = TopicRequirements.ForCache(await kafka.CreateTopicAsync(partitions: 2), partitions: 1);

        var topic = await EnsureAsync(kafka, required);

        Assert.False(topic.IsCreated);
        Assert.True(topic.AreSettingsChecked);
        Assert.Equal(2, topic.Partitions);
    }

    [Theory]
    [InlineData("-1")]
    [InlineData("3600000")]
    [InlineData("9999999999")]
    public async Task A_longer_retention_and_another_order_of_the_policy_will_do(string retention)
    {
        var kafka = await real.ConnectAsync();
        var name = await kafka.CreateTopicAsync(
            1, ("cleanup.policy", "delete,compact"), ("retention.ms", retention), ("message.timestamp.type", "LogAppendTime"));

        var topic = await EnsureAsync(kafka, TopicRequirements.ForCache(name, maxTimeToLive: AnHour));

        Assert.True(topic.AreSettingsChecked);
    }

    [Fact]
    public async Task Of_ten_that_create_it_at_once_one_does_and_all_have_it()
    {
        var kafka = await real.ConnectAsync();
        var required = TopicRequirements.ForCache(TestKafka.UniqueTopic(), partitions: 2);

        var topics = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => EnsureAsync(kafka, required)));

        Assert.Single(topics, static topic => topic.IsCreated);
        Assert.Single(topics.Select(static topic => topic.TopicId).Distinct());
    }

    [Fact]
    public async Task Every_fault_is_named_at_once_and_its_command_fixes_it()
    {
        var kafka = await real.ConnectAsync();
        var release = RealBrokerFixture.RequireRelease();
        var name = await kafka.CreateTopicAsync(
            1, ("cleanup.policy", "delete"), ("retention.ms", "60000"), ("retention.bytes", "1000000"),
            ("message.timestamp.type", "CreateTime"));
        var required = TopicRequirements.ForCache(name, partitions: 4, AnHour);

        var wrong = await Assert.ThrowsAsync<TopicRequirementsException>(() => EnsureAsync(kafka, required));

        Assert.Equal(name, wrong.Topic);
        Assert.Equal(5, wrong.Faults.Count);
        Assert.All(wrong.Faults, fault => Assert.Contains(fault, wrong.Message, StringComparison.Ordinal));
        foreach (var fault in wrong.Faults)
            await RunInShellAsync(release.Home, fault.Split('\n')[1].Trim());

        // A broker applies changed settings shortly after acknowledging them.
        await Eventually.TrueAsync(async () => await IsUsableAsync(kafka, required), "the commands have mended the topic");
    }

    [Fact]
    public async Task Too_many_partitions_are_a_fault_that_only_another_topic_fixes()
    {
        var kafka = await real.ConnectAsync();
        var required = new TopicRequirements { Name = await kafka.CreateTopicAsync(partitions: 2), MaxPartitions = 1 };

        var wrong = await Assert.ThrowsAsync<TopicRequirementsException>(() => EnsureAsync(kafka, required));

        var fault = Assert.Single(wrong.Faults);
        Assert.Contains("It has 2 partitions and may have at most 1", fault, StringComparison.Ordinal);
        Assert.Contains($"--delete --topic {required.Name}", fault, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_missing_topic_that_may_not_be_created_is_a_fault_whose_command_creates_it()
    {
        var kafka = await real.ConnectAsync();
        var release = RealBrokerFixture.RequireRelease();
        var required = TopicRequirements.ForCache(TestKafka.UniqueTopic(), partitions: 2, AnHour);

        var missing = await Assert.ThrowsAsync<TopicRequirementsException>(() => EnsureAsync(kafka, required, create: false));

        Assert.Contains("does not exist", missing.Message, StringComparison.Ordinal);
        await RunInShellAsync(release.Home, Assert.Single(missing.Faults).Split('\n')[1].Trim());
        await Eventually.TrueAsync(
            async () => await IsUsableAsync(kafka, required, create: false), "the command has created the topic as required");
    }

    [Fact]
    public async Task What_the_brokers_refuse_to_create_is_a_fault_in_their_words()
    {
        var kafka = await real.ConnectAsync();
        var required = new TopicRequirements { Name = TestKafka.UniqueTopic(), ReplicationFactor = 99 };

        var refused = await Assert.ThrowsAsync<TopicRequirementsException>(() => EnsureAsync(kafka, required));

        Assert.Contains("replication factor", refused.Message, StringComparison.OrdinalIgnoreCase);
        Assert.IsType<KafkaException>(refused.InnerException);
    }

    private static Task<EnsuredTopic> EnsureAsync(
        TestKafka kafka, TopicRequirements required, bool create = true) => KafkaTopics.EnsureAsync(
        required, new EnsureTopicOptions { BootstrapServers = kafka.BootstrapServers, Create = create },
        cancellationToken: TestContext.Current.CancellationToken);

    private static async Task<bool> IsUsableAsync(TestKafka kafka, TopicRequirements required, bool create = true)
    {
        try
        {
            await EnsureAsync(kafka, required, create);
            return true;
        }
        catch (TopicRequirementsException)
        {
            return false;
        }
    }

    private static async Task<Dictionary<string, string>> SettingsAsync(TestKafka kafka, string topic)
    {
        var described = await kafka.Admin.DescribeConfigsAsync([new ConfigResource { Type = ResourceType.Topic, Name = topic }]);
        return described[0].Entries.ToDictionary(static one => one.Key, static one => one.Value.Value);
    }

    // Runs a whole command line, with its quotes, in a shell that has Kafka's tools in its path.
    private static async Task RunInShellAsync(string kafkaHome, string line)
    {
        var start = new ProcessStartInfo("/bin/sh", ["-c", line])
        {
            RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false,
        };
        start.Environment["PATH"] = string.Create(
            CultureInfo.InvariantCulture, $"{Path.Combine(kafkaHome, "bin")}:{Environment.GetEnvironmentVariable("PATH")}");
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var errors = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.True(process.ExitCode == 0, $"{line}\n{await output}\n{await errors}");
    }
}
