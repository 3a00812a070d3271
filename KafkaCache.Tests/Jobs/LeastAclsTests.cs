using Confluent.Kafka.Admin;
using KafkaCaching.Jobs;
using KafkaCaching.Tests.Brokers;
using Microsoft.Extensions.DependencyInjection;
using static KafkaCaching.Tests.Brokers.SecureKafka;

namespace KafkaCaching.Tests.Jobs;

/// <summary>Refreshed caches and jobs of a user who has only the ACLs that the documentation lists.</summary>
public sealed class LeastAclsTests(SecureKafka secure) : IClassFixture<SecureKafka>
{
    // This value exists in librdkafka but not in Confluent's enum.
    private const ResourceType TransactionalId = (ResourceType)5;

    private const string EverySecond = "* * * * * *";

    // The limit is high for a machine that is busy with other tests.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_refreshed_cache_is_led_refreshed_and_served_with_the_ACLs_of_its_page()
    {
        var topic = await AllowRefreshAsync(static _ => true);
        var source = new PriceSource();
        await using var first = await StartAsync(topic, source);
        await using var second = await StartAsync(topic, source);

        await second.Prices.RefreshAsync(Stop);

        Assert.Equal(3, second.Prices.Current.Count);
        Assert.Single(new[] { first, second }, static pod => pod.Prices.Status.IsLeader);
    }

    [Theory]
    [InlineData(ResourceType.Group, "the ACL Read on the group")]
    [InlineData(TransactionalId, "the ACLs Describe and Write on the transactional ID")]
    public async Task Without_one_of_them_the_status_names_it_until_it_is_granted(ResourceType missing, string named)
    {
        var topic = await AllowRefreshAsync(grant => grant.Type != missing);
        await using var pod = await StartAsync(topic, new PriceSource(), waits: false);
        await Eventually.TrueAsync(() => pod.Prices.Status.Problem?.Contains(named, StringComparison.Ordinal) is true, Patience);
        Assert.Null(pod.Prices.Status.Version);

        await AllowRefreshAsync(grant => grant.Type == missing, topic);

        await Eventually.TrueAsync(() => pod.Prices.Status is { Version: 1, Problem: null }, Patience);
    }

    [Fact]
    public async Task Without_one_of_them_a_scheduled_job_names_it_until_it_is_granted()
    {
        var topic = await AllowJobsAsync(static grant => grant.Type != TransactionalId);
        await using var jobs = new JobsTopic(secure.SaslAddress, topic, As(Guest));
        var host = await jobs.StartAsync(
            static (_, _) => Task.CompletedTask, static builder => builder.AddJob<ScriptedJob>("import", EverySecond));
        var runner = host.Services.GetRequiredService<IKafkaJobRunner>();
        await Eventually.TrueAsync(() => Problem()?.Contains(
            $"the ACLs Describe and Write on the transactional ID '{topic}.job.import'", StringComparison.Ordinal) is true, Patience);

        await AllowJobsAsync(static grant => grant.Type == TransactionalId, topic);

        await Eventually.TrueAsync(() => Problem() is null, Patience);

        string? Problem() => Assert.Single(runner.Jobs).Problem;
    }

    [Fact]
    public async Task A_job_runs_and_finds_its_state_again_with_the_ACLs_of_its_page()
    {
        var topic = await AllowJobsAsync(static _ => true);
        await using var jobs = new JobsTopic(secure.SaslAddress, topic, As(Guest));

        Assert.Equal(KafkaJobs.Succeeded, await jobs.RunOnceAsync(static run => run.State.Set("cursor", 7)));
        Assert.Equal(KafkaJobs.Succeeded, await jobs.RunOnceAsync(static run => Assert.Equal(7, run.State.Get<int>("cursor"))));
    }

    private Task<string> AllowRefreshAsync(Func<Grant, bool> isGranted, string? topic = null) => AllowAsync(
        isGranted, topic ?? TestKafka.UniqueTopic("prices"),
        static topic =>
        [
            OfTopic(topic),
            new(TransactionalId, $"{topic}.refresh", ResourcePatternType.Literal, AclOperation.Describe, AclOperation.Write),
        ]);

    private Task<string> AllowJobsAsync(Func<Grant, bool> isGranted, string? topic = null) => AllowAsync(
        isGranted, topic ?? TestKafka.UniqueTopic("jobs"),
        static topic =>
        [
            OfTopic(topic), OfTopic($"{topic}-logs"),
            new(TransactionalId, $"{topic}.job.", ResourcePatternType.Prefixed, AclOperation.Describe, AclOperation.Write),
        ]);

    private async Task<string> AllowAsync(Func<Grant, bool> isGranted, string topic, Func<string, Grant[]> own)
    {
        await secure.StartAsync();
        await secure.AllowGuestAsync(Election(topic).Concat(own(topic)).Where(isGranted));
        return topic;
    }

    // The names of the election topic and its groups begin with the topic's name, so that tests don't share them.
    private static Grant[] Election(string topic) =>
    [
        new(
            ResourceType.Topic, $"{topic}-election", ResourcePatternType.Literal, AclOperation.Create, AclOperation.Describe,
            AclOperation.DescribeConfigs, AclOperation.Read),
        new(ResourceType.Group, $"{topic}-election.", ResourcePatternType.Prefixed, AclOperation.Read),
    ];

    private static Grant OfTopic(string topic) => new(
        ResourceType.Topic, topic, ResourcePatternType.Literal, AclOperation.Create, AclOperation.Describe, AclOperation.DescribeConfigs,
        AclOperation.Read, AclOperation.Write);

    private Task<PricePod> StartAsync(string topic, PriceSource source, bool waits = true) =>
        PricePod.StartAsync(secure.SaslAddress, topic, source, static options => options.Client = As(Guest), waits);
}
