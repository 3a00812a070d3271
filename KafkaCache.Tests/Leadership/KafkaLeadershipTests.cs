using System.Diagnostics;
using Confluent.Kafka;
using KafkaCaching.Clients;
using KafkaCaching.Tests.Brokers;
using KafkaCaching.Tests.Diagnostics;
using Microsoft.Extensions.Options;

namespace KafkaCaching.Tests.Leadership;

public sealed class KafkaLeadershipTests(RealBrokerFixture real, EmbeddedBrokerFixture embedded)
{
    private const int LeadershipGivenUp = 351;
    private const int ElectionProblem = 353;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task One_of_several_leads_and_another_one_within_a_second_after_it_has_ended()
    {
        var kafka = await real.ConnectAsync();
        await using var candidates = new Candidates(kafka.BootstrapServers);
        var first = candidates.Join();
        var term = await first.WaitForLeadershipAsync(Stop);
        var second = candidates.Join();
        var next = second.WaitForLeadershipAsync(Stop);
        await JoinedAsync(kafka, candidates, members: 2);

        Assert.True(term.IsHeld);
        Assert.True(first.IsLeader);
        Assert.False(second.IsLeader);
        Assert.False(next.IsCompleted);

        var began = Stopwatch.GetTimestamp();
        await first.DisposeAsync();
        var taken = await next;
        Assert.InRange(Stopwatch.GetElapsedTime(began), TimeSpan.Zero, TimeSpan.FromSeconds(5)); // The session timeout is 6 s.
        Assert.True(taken.IsHeld);
        Assert.False(term.IsHeld);
        Assert.True(term.Lost.IsCancellationRequested);
        Assert.Equal(1, second.Status.TermsBegun);
        await Assert.ThrowsAsync<ObjectDisposedException>(() => first.WaitForLeadershipAsync(Stop));
    }

    [Fact]
    public async Task Instances_that_join_take_nothing_from_the_leader()
    {
        var kafka = await real.ConnectAsync();
        await using var candidates = new Candidates(kafka.BootstrapServers);
        var leader = candidates.Join();
        var term = await leader.WaitForLeadershipAsync(Stop);
        for (var joined = 2; joined <= 5; joined++)
        {
            var one = candidates.Join();
            await JoinedAsync(kafka, candidates, joined);
            Assert.False(one.IsLeader);
        }

        Assert.True(term.IsHeld);
        Assert.Equal((1, 0), (leader.Status.TermsBegun, leader.Status.TermsLost));
    }

    [Fact]
    public async Task Leaderships_that_two_instances_campaign_for_at_once_are_spread_over_them()
    {
        var kafka = await real.ConnectAsync();
        string[] names = [.. Enumerable.Range(0, 8).Select(static i => $"cache-{i}")];
        await using var candidates = new Candidates(kafka.BootstrapServers);

        // The instances join in the order in which the group prefers them, because the first one to join may be elected before another one
        // has joined.
        var campaigns = new List<(string Instance, KafkaLeadership Leadership)>();
        foreach (var name in names)
        {
            foreach (var instance in new[] { "left", "right" }.OrderBy(one => ElectionClientId.Of(name, one), StringComparer.Ordinal))
                campaigns.Add((instance, candidates.Join(name, o => o.Client = new() { ClientId = instance })));
        }

        await Eventually.TrueAsync(() => campaigns.Count(static one => one.Leadership.IsLeader) == names.Length);

        Assert.InRange(campaigns.Count(static one => one is { Instance: "left", Leadership.IsLeader: true }), 1, names.Length - 1);
    }

    [Fact]
    public async Task It_works_with_the_embedded_broker_too()
    {
        await using var candidates = new Candidates(embedded.BootstrapServers);
        embedded.Broker.CreateTopic(candidates.Topic);
        var leader = candidates.Join();
        Assert.True((await leader.WaitForLeadershipAsync(Stop)).IsHeld);
        Assert.Equal("prices", leader.Name);
    }

    [Fact]
    public async Task Without_brokers_nobody_leads_and_the_status_says_why()
    {
        await using var candidates = new Candidates("127.0.0.1:1");
        var alone = candidates.Join();
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        var wait = alone.WaitForLeadershipAsync(patience.Token);
        Assert.False(alone.IsLeader);
        await patience.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => wait);
        await alone.DisposeAsync();
        Assert.Null(alone.Status.Since);
    }

    [Fact]
    public async Task A_client_that_can_t_be_created_is_a_problem_in_the_status_and_nothing_throws()
    {
        await using var candidates = new Candidates("127.0.0.1:1");
        var alone = candidates.Join(configure: static o => o.Client = new()
        {
            SecurityProtocol = SecurityProtocol.Ssl, SslCaLocation = "/no/such/ca.pem",
        });
        await Eventually.TrueAsync(() => alone.Status.Problem?.Contains("ssl.ca.location", StringComparison.Ordinal) is true);
        Assert.Contains(candidates.Log.Logger.Lines, static line => line.Id == ElectionProblem);
        await alone.DisposeAsync();
    }

    // Left alone, the exception would end the process: the thread of the election has no caller.
    [Fact]
    public async Task A_consumer_that_can_t_be_created_is_a_problem_in_the_status()
    {
        await using var candidates = new Candidates(embedded.BootstrapServers);
        embedded.Broker.CreateTopic(candidates.Topic);
        var alone = candidates.Join(configure: static o =>
        {
            o.Client = new ClientConfig();
            o.Client.Set("fetch.max.bytes", "1000"); // Less than one record may have, which only a consumer finds out.
        });
        await Eventually.TrueAsync(() => alone.Status.Problem?.Contains("fetch.max.bytes", StringComparison.Ordinal) is true);
        Assert.False(alone.IsLeader);
    }

    [Fact]
    public async Task A_second_Dispose_returns_when_the_first_one_does()
    {
        await using var candidates = new Candidates(embedded.BootstrapServers);
        embedded.Broker.CreateTopic(candidates.Topic);
        var leader = candidates.Join();
        await leader.WaitForLeadershipAsync(Stop);
        using var entered = new ManualResetEventSlim();
        using var release = new ManualResetEventSlim();
        candidates.Log.Logger.OnLine = id =>
        {
            if (id != LeadershipGivenUp)
                return;
            entered.Set();
            release.Wait();
        };
        var (first, second) = (new Thread(leader.Dispose), new Thread(leader.Dispose));
        first.Start();
        Assert.True(entered.Wait(TimeSpan.FromSeconds(30), Stop));
        second.Start();
        Assert.False(second.Join(TimeSpan.FromMilliseconds(300)));
        release.Set();
        Assert.True(second.Join(TimeSpan.FromSeconds(30)));
        Assert.True(first.Join(TimeSpan.FromSeconds(30)));
    }

    [Fact]
    public void All_faults_of_the_options_are_reported_at_once()
    {
        var failure = Assert.Throws<OptionsValidationException>(() => KafkaLeadership.Campaign(
            new LeadershipOptions { Topic = "not legal", Name = " ", SessionTimeout = TimeSpan.Zero, ReplicationFactor = 0 }));
        Assert.Equal(5, failure.Failures.Count());
    }

    [Fact]
    public async Task The_meter_shows_who_leads()
    {
        using var meters = new OwnMeterFactory();
        await using var candidates = new Candidates(embedded.BootstrapServers);
        embedded.Broker.CreateTopic(candidates.Topic);
        var leader = candidates.Join("metered", o => o.MeterFactory = meters);
        await leader.WaitForLeadershipAsync(Stop);
        using var scrape = new MeterScrape(meters, KafkaLeadership.MeterName);
        Assert.Equal(1, scrape.Tagged("kafkacache.leadership.held", "leadership", "metered"));
        Assert.Equal(1, scrape.Tagged("kafkacache.leadership.terms", "leadership", "metered"));
        Assert.Equal(0, scrape.Tagged("kafkacache.leadership.lost", "leadership", "metered"));
    }

    [Fact]
    public async Task Two_instances_in_one_process_have_one_series_whose_value_is_1_where_one_of_them_leads()
    {
        using var meters = new OwnMeterFactory();
        await using var candidates = new Candidates(embedded.BootstrapServers);
        embedded.Broker.CreateTopic(candidates.Topic);
        var first = candidates.Join("twice", o => o.MeterFactory = meters);
        await first.WaitForLeadershipAsync(Stop);
        candidates.Join("twice", o => o.MeterFactory = meters);
        using var scrape = new MeterScrape(meters, KafkaLeadership.MeterName);
        Assert.Equal(1, scrape.Tagged("kafkacache.leadership.held", "leadership", "twice"));
    }

    private static Task JoinedAsync(TestKafka kafka, Candidates candidates, int members, string name = "prices") => Eventually.TrueAsync(
        async () =>
        {
            var described = await kafka.Admin.DescribeConsumerGroupsAsync([$"{candidates.Topic}.{name}"]);
            var group = described.ConsumerGroupDescriptions[0];
            return group.State == ConsumerGroupState.Stable && group.Members.Count == members;
        },
        $"the group has {members} members");
}
