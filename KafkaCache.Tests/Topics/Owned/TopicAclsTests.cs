using Confluent.Kafka.Admin;
using KafkaCaching.Tests.Brokers;

namespace KafkaCaching.Tests.Topics.Owned;

/// <summary>An application's own topics, with a user who lacks the required ACLs.</summary>
public sealed class TopicAclsTests(SecureKafka secure) : IClassFixture<SecureKafka>
{
    [Fact]
    public async Task Without_the_ACL_DescribeConfigs_the_fault_names_it_and_has_the_command_of_an_operator()
    {
        await secure.StartAsync();
        var topic = await secure.Kafka.CreateTopicAsync();
        await secure.AllowGuestAsync(topic, AclOperation.Describe);

        var refused = await Assert.ThrowsAsync<TopicRequirementsException>(() => EnsureAsync(topic));

        var fault = Assert.Single(refused.Faults);
        Assert.Contains("lacks the ACL DescribeConfigs", fault, StringComparison.Ordinal);
        Assert.Contains(
            $"kafka-acls.sh --bootstrap-server {secure.SaslAddress} --command-config admin.properties --add --allow-principal User:NAME "
            + $"--topic {topic} --operation DescribeConfigs", fault, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_the_ACL_Create_the_fault_has_the_command_that_creates_the_topic()
    {
        await secure.StartAsync();
        var topic = TestKafka.UniqueTopic();
        await secure.AllowGuestAsync(topic, AclOperation.Describe);

        var refused = await Assert.ThrowsAsync<TopicRequirementsException>(() => EnsureAsync(topic));

        Assert.Contains("this client may not create it", refused.Message, StringComparison.Ordinal);
        Assert.Contains(
            $"--create --topic {topic} --partitions 1 --config cleanup.policy=compact", refused.Message, StringComparison.Ordinal);
        Assert.Contains("--operation Create", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_any_ACL_the_fault_names_those_of_a_reader()
    {
        await secure.StartAsync();
        var topic = await secure.Kafka.CreateTopicAsync();

        var refused = await Assert.ThrowsAsync<TopicRequirementsException>(() => EnsureAsync(topic));

        Assert.Contains("ACLs Describe and Read", refused.Message, StringComparison.Ordinal);
        Assert.Contains("--operation Describe --operation Read", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task With_the_ACLs_that_the_faults_name_it_creates_the_topic()
    {
        await secure.StartAsync();
        var topic = TestKafka.UniqueTopic();
        await secure.AllowGuestAsync(topic, AclOperation.Create, AclOperation.Describe, AclOperation.DescribeConfigs);

        Assert.True((await EnsureAsync(topic)).IsCreated);
    }

    [Fact]
    public async Task With_a_wrong_password_the_wait_ends_by_its_deadline_and_says_why()
    {
        await secure.StartAsync();

        var late = await Assert.ThrowsAsync<TimeoutException>(() => EnsureAsync("users", password: "wrong-horse-7"));

        Assert.Contains("authentication fail", late.Message, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("wrong-horse-7", late.Message, StringComparison.Ordinal);
    }

    private Task<EnsuredTopic> EnsureAsync(string topic, string password = SecureKafka.Password) => KafkaTopics.EnsureAsync(
        TopicRequirements.ForCache(topic),
        new EnsureTopicOptions
        {
            BootstrapServers = secure.SaslAddress,
            Client = SecureKafka.As(SecureKafka.Guest, password),
            Timeout = TimeSpan.FromSeconds(10),
        },
        cancellationToken: TestContext.Current.CancellationToken);
}
