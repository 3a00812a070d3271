using Confluent.Kafka;
using KafkaCaching.Testing;
using KafkaCaching.Tests.Brokers;
using KafkaCaching.Tests.Diagnostics;
using Microsoft.Extensions.Options;

namespace KafkaCaching.Tests.Topics.Owned;

/// <summary>An application's own topics without brokers, and on a mock cluster, which neither creates topics nor reports their
/// settings.</summary>
public sealed class UnansweredTopicTests(EmbeddedBrokerFixture embedded)
{
    [Fact]
    public async Task Where_the_brokers_withhold_settings_the_topic_is_found_and_reported_as_unchecked()
    {
        var required = TopicRequirements.ForCache(embedded.CreateTopic(partitions: 2), partitions: 2, TimeSpan.FromHours(1));
        var log = new ListLoggerFactory();

        var topic = await KafkaTopics.EnsureAsync(required, Options(embedded.BootstrapServers), log, TestContext.Current.CancellationToken);

        Assert.Equal(2, topic.Partitions);
        Assert.False(topic.IsCreated);
        Assert.False(topic.AreSettingsChecked);
        Assert.Contains(log.Logger.Lines, static line => line.Id == 121);
    }

    [Fact]
    public async Task Too_few_partitions_are_a_fault_even_where_the_settings_are_unknown()
    {
        var required = TopicRequirements.ForCache(embedded.CreateTopic(partitions: 2), partitions: 8);

        var wrong = await Assert.ThrowsAsync<TopicRequirementsException>(() => EnsureAsync(required, embedded.BootstrapServers));

        Assert.Contains($"--alter --topic {required.Name} --partitions 8", Assert.Single(wrong.Faults), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Where_the_brokers_create_no_topics_a_missing_one_is_a_fault()
    {
        var required = TopicRequirements.ForCache(TestKafka.UniqueTopic());

        var refused = await Assert.ThrowsAsync<TopicRequirementsException>(() => EnsureAsync(required, embedded.BootstrapServers));

        Assert.Contains("the brokers refuse to create it", refused.Message, StringComparison.Ordinal);
        Assert.Contains(
            $"kafka-topics.sh --bootstrap-server {embedded.BootstrapServers} --create", refused.Message, StringComparison.Ordinal);
    }

    // A shell would take what follows a space for another argument.
    [Fact]
    public async Task Commands_name_the_brokers_without_the_spaces_and_protocols_that_the_options_may_have()
    {
        var required = TopicRequirements.ForCache(TestKafka.UniqueTopic());
        var server = embedded.BootstrapServers;

        var refused = await Assert.ThrowsAsync<TopicRequirementsException>(() => EnsureAsync(required, $"{server}, PLAINTEXT://{server} "));

        Assert.Contains($"kafka-topics.sh --bootstrap-server {server},{server} --create", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_broker_that_comes_up_meanwhile_is_waited_for()
    {
        using var broker = EmbeddedBroker.Start();
        broker.CreateTopic("users");
        broker.SetBrokerDown();
        var log = new ListLoggerFactory();
        var ensuring = KafkaTopics.EnsureAsync(
            TopicRequirements.ForCache("users"), Options(broker.BootstrapServers), log, TestContext.Current.CancellationToken);

        await Eventually.TrueAsync(
            () => Task.FromResult(log.Logger.Lines.Any(static line => line.Id == 104)), "the silence has been reported");
        broker.SetBrokerUp();

        Assert.Equal(1, (await ensuring).Partitions);
    }

    [Fact]
    public async Task Without_a_broker_the_wait_ends_by_its_deadline()
    {
        var options = Options("127.0.0.1:1");
        options.Timeout = TimeSpan.FromSeconds(1);

        var late = await Assert.ThrowsAsync<TimeoutException>(() => KafkaTopics.EnsureAsync(
            TopicRequirements.ForCache("users"), options, cancellationToken: TestContext.Current.CancellationToken));

        Assert.Contains("'users' within 00:00:01", late.Message, StringComparison.Ordinal);
        Assert.Contains("127.0.0.1:1", late.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_cancelled_wait_ends_at_once_and_is_no_timeout()
    {
        using var cancel = new CancellationTokenSource();
        var ensuring = KafkaTopics.EnsureAsync(
            TopicRequirements.ForCache("users"), Options("127.0.0.1:1"), cancellationToken: cancel.Token);

        await cancel.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => ensuring);
    }

    [Fact]
    public async Task Bad_requirements_and_options_are_all_named_at_once()
    {
        var required = new TopicRequirements
        {
            Name = "a topic", Partitions = 0, MaxPartitions = -1, ReplicationFactor = 0, MinRetention = TimeSpan.FromDays(1),
            Cleanup = TopicCleanup.Compact,
        };
        var client = new ClientConfig();
        client.Set("no.such", "1");
        var options = new EnsureTopicOptions { Timeout = TimeSpan.Zero, Client = client };

        var refused = await Assert.ThrowsAsync<OptionsValidationException>(() => KafkaTopics.EnsureAsync(
            required, options, cancellationToken: TestContext.Current.CancellationToken));

        Assert.Equal(
            ["Name", "Partitions", "MaxPartitions", "ReplicationFactor", "MinRetention", "BootstrapServers", "Client", "Timeout"],
            refused.Failures.Select(static fault => fault.Split(' ', ':')[0]));
    }

    private static Task<EnsuredTopic> EnsureAsync(TopicRequirements required, string servers) =>
        KafkaTopics.EnsureAsync(required, Options(servers), cancellationToken: TestContext.Current.CancellationToken);

    private static EnsureTopicOptions Options(string servers) => new() { BootstrapServers = servers };
}
