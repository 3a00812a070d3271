using System.Diagnostics;
using KafkaCaching.Testing;
using KafkaCaching.Tests.Brokers;
using KafkaCaching.Topics;

namespace KafkaCaching.Tests.Topics;

/// <summary>One request asks about many topics, and each topic gets its own answer.</summary>
public sealed class TopicQuestionsTests(RealBrokerFixture real)
{
    private const int Topics = 20;

    [Fact]
    public async Task Topics_asked_about_at_once_cost_a_request_or_two_and_each_has_its_own_answer()
    {
        await using var broker = EmbeddedBroker.Start();
        using var kafka = new TestKafka(broker.BootstrapServers);
        for (var i = 1; i <= Topics; i++)
            broker.CreateTopic($"t{i}", partitions: i);
        await kafka.ProduceAsync("t3", TestRecord.Of("a", "1") with { Partition = 2 });
        using var clients = TestClients.Of(TestOptions.For(broker.BootstrapServers, "t1"));
        var questions = TopicQuestions.Of(clients.Admin);
        Assert.Same(questions, TopicQuestions.Of(clients.Admin));
        broker.StartRequestTracking();
        // The first request is still pending when the last question is asked, even on a slow machine.
        broker.SetRoundTripTime(TimeSpan.FromMilliseconds(300));

        // Asks twice about t3: two caches can read one topic, and one of them may not know yet that the topic has grown.
        var shapes = Enumerable.Range(1, Topics)
            .Concat([3, 99])
            .Select(i => (Number: i, Answer: questions.DescribeAsync($"t{i}")))
            .ToArray();
        var ends = Enumerable.Range(1, Topics)
            .Select(i => (Partitions: i, Answer: questions.Ends.AskAsync($"t{i}", i)))
            .Append((Partitions: 2, Answer: questions.Ends.AskAsync("t3", 2)))
            .ToArray();

        foreach (var (number, answer) in shapes)
            Assert.Equal(number <= Topics ? number : null, (await answer).Shape?.Partitions);
        foreach (var (partitions, answer) in ends)
            Assert.Equal(partitions, (await answer).Offsets.Length);
        Assert.Equal("0 0 1", string.Join(' ', (await ends[2].Answer).Offsets));
        Assert.Equal("0 0", string.Join(' ', (await ends[^1].Answer).Offsets));
        Assert.InRange(broker.CountRequests(KafkaApi.ListOffsets), 1, 3);
    }

    [Fact]
    public async Task Settings_of_topics_requested_together_belong_to_each_topic_and_a_missing_topic_fails_none_of_the_others()
    {
        TestKafka kafka = await real.ConnectAsync();
        var minute = await kafka.CreateTopicAsync(1, ("delete.retention.ms", "60000"));
        var hour = await kafka.CreateTopicAsync(1, ("delete.retention.ms", "3600000"));
        using var clients = TestClients.Of(TestOptions.For(kafka.BootstrapServers, minute));
        var questions = TopicQuestions.Of(clients.Admin);

        // The first question is sent alone, so that the others are sent together.
        TopicSettings[] settings = await Task.WhenAll(
            new[] { hour, minute, hour, TestKafka.UniqueTopic("missing"), minute }.Select(questions.SettingsAsync));

        Assert.Equal(
            ["3600000", "60000", "3600000", null, "60000"],
            settings.Select(static one => one.Entries.TryGetValue("delete.retention.ms", out var retention) ? retention.Value : null));
        Assert.Equal([false, false, false, true, false], settings.Select(static one => one.Problem.IsError));
        Assert.Equal(Confluent.Kafka.ErrorCode.UnknownTopicOrPart, settings[3].Problem.Code);
    }

    [Fact]
    [Trait("Category", "Long")]
    public async Task A_topic_without_a_leader_is_asked_about_alone_and_holds_up_no_other()
    {
        await using var broker = EmbeddedBroker.Start();
        broker.CreateTopic("good");
        broker.CreateTopic("other");
        broker.CreateTopic("headless");
        using var clients = TestClients.Of(TestOptions.For(broker.BootstrapServers, "good"));
        var questions = TopicQuestions.Of(clients.Admin);
        Assert.False((await questions.Ends.AskAsync("good", 1)).Problem.IsError);
        broker.SetPartitionLeader("headless", 0, -1);

        // The first question is sent alone, so that the other two are sent together.
        OffsetList[] lists = await Task.WhenAll(
            questions.Ends.AskAsync("good", 1), questions.Ends.AskAsync("headless", 1), questions.Ends.AskAsync("other", 1));
        Assert.Equal([false, true, false], lists.Select(static list => list.Problem.IsError));

        var headless = questions.Ends.AskAsync("headless", 1);
        var start = Stopwatch.GetTimestamp();
        Assert.False((await questions.Ends.AskAsync("other", 1)).Problem.IsError);
        Assert.InRange(Stopwatch.GetElapsedTime(start), TimeSpan.Zero, TimeSpan.FromSeconds(1.5));
        Assert.True((await headless).Problem.IsError);

        broker.SetPartitionLeader("headless", 0, 1);
        await Eventually.TrueAsync(async () => !(await questions.Ends.AskAsync("headless", 1)).Problem.IsError, "the leader is known");
    }
}
