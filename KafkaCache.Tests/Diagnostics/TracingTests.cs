using System.Diagnostics;
using System.Text;
using Confluent.Kafka;
using KafkaCaching.Clients;
using KafkaCaching.Replay.Progress;
using KafkaCaching.Replay.Sources;
using KafkaCaching.Tests.Brokers;
using KafkaCaching.Tests.Puts;
using KafkaCaching.Tests.Replay;
using Microsoft.Extensions.Logging.Abstractions;

namespace KafkaCaching.Tests.Diagnostics;

/// <summary>Two caches simulate two processes, which have only the topic in common.</summary>
[Collection(HeardSpans.Listening)]
public sealed class TracingTests(EmbeddedBrokerFixture broker)
{
    private readonly string _topic = broker.CreateTopic();

    [Fact]
    public async Task Put_and_its_applies_everywhere_are_one_trace()
    {
        using var spans = new HeardSpans(_topic);
        await using var writer = await WritableAsync("here");
        await using var reader = await ReaderAsync("there");
        using var request = StartRequest();

        var put = await writer.PutAsync("canary", "canary", PutWait.Applied, TestContext.Current.CancellationToken);
        await reader.WaitUntilAppliedAsync(put.Position, TestContext.Current.CancellationToken);
        await Eventually.TrueAsync(() => spans.All.Count == 3);

        var sent = Assert.Single(spans.Sends);
        Assert.Equal(($"send {_topic}", request.SpanId, request.TraceId), (sent.DisplayName, sent.ParentSpanId, sent.TraceId));
        Assert.Equal(ActivityStatusCode.Unset, sent.Status);
        Assert.Equal(
            Tags(
                "send", "here", ("kafkacache.put.outcome", "committed"), ("messaging.destination.partition.id", "0"),
                ("messaging.kafka.offset", 0L)),
            Tags(sent));
        Assert.Equal(
            ["here", "there"],
            spans.Processes.Select(static span => (string)span.GetTagItem("kafkacache.cache")!).Order(StringComparer.Ordinal));
        foreach (var applied in spans.Processes)
        {
            Assert.Equal(
                ($"process {_topic}", sent.SpanId, sent.TraceId, true),
                (applied.DisplayName, applied.ParentSpanId, applied.TraceId, applied.HasRemoteParent));
            Assert.Equal(
                (sent.TraceId, sent.SpanId), (Assert.Single(applied.Links).Context.TraceId, Assert.Single(applied.Links).Context.SpanId));
            Assert.Equal(ActivityStatusCode.Unset, applied.Status);
            Assert.Equal(
                Tags(
                    "process", (string)applied.GetTagItem("kafkacache.cache")!, ("messaging.destination.partition.id", "0"),
                    ("messaging.kafka.offset", 0L)),
                Tags(applied));
            Assert.InRange(applied.StartTimeUtc, sent.StartTimeUtc, DateTime.UtcNow);
        }

        Assert.DoesNotContain(
            spans.All,
            static span => Tags(span).Any(static tag => tag.Value?.ToString()?.Contains("canary", StringComparison.Ordinal) == true));
        Assert.Same(request, Activity.Current);
    }

    [Fact]
    public async Task Span_of_an_apply_lasts_as_long_as_the_apply()
    {
        using var spans = new HeardSpans(_topic);
        using var held = new HeldApply();
        await using var writer = await WritableAsync("here", held.Hold);
        held.Close();

        var put = await writer.PutAsync("a", "1", cancellationToken: TestContext.Current.CancellationToken);
        await Eventually.TrueAsync(() => spans.Sends.Count == 1);
        var before = DateTime.UtcNow;
        Assert.Empty(spans.Processes);
        held.Open();
        await writer.WaitUntilAppliedAsync(put.Position, TestContext.Current.CancellationToken);
        await Eventually.TrueAsync(() => spans.Processes.Count == 1);

        Assert.InRange(spans.Processes[0].StartTimeUtc + spans.Processes[0].Duration, before, DateTime.UtcNow);
    }

    [Fact]
    public async Task Replay_of_old_records_makes_no_spans_and_the_tail_after_it_does()
    {
        using var spans = new HeardSpans(_topic);
        await using var writer = await WritableAsync("here");
        for (var i = 0; i < 10; i++)
            await writer.PutAsync($"{i}", "1", PutWait.Applied, TestContext.Current.CancellationToken);
        await Eventually.TrueAsync(() => spans.Processes.Count == 10);

        await using var reader = await ReaderAsync("there");
        Assert.DoesNotContain(spans.Processes, static span => span.GetTagItem("kafkacache.cache") is "there");
        var put = await writer.PutAsync("10", "1", PutWait.Applied, TestContext.Current.CancellationToken);
        await reader.WaitUntilAppliedAsync(put.Position, TestContext.Current.CancellationToken);
        await Eventually.TrueAsync(() => spans.Processes.Count == 12);

        Assert.Equal([10L], spans.Processes.Where(static span => span.GetTagItem("kafkacache.cache") is "there").Select(Offset));
    }

    [Fact]
    public async Task Every_put_of_a_batch_and_every_remove_has_a_span_of_its_own()
    {
        using var spans = new HeardSpans(_topic);
        await using var writer = await WritableAsync("here");

        await writer.PutManyAsync([new("a", "1"), new("b", "1"), new("c", "1")], cancellationToken: TestContext.Current.CancellationToken);
        writer.Put("a", "2");
        var last = writer.Remove("a", PutWait.Applied);
        await Eventually.TrueAsync(() => spans.Sends.Count == 5 && spans.Processes.Count == 5);

        Assert.Equal(5, spans.Sends.Select(static span => span.TraceId).Distinct().Count());
        Assert.Equal(
            spans.Sends.ToDictionary(Offset, static span => span.SpanId),
            spans.Processes.ToDictionary(Offset, static span => span.ParentSpanId));
        foreach (var span in spans.All)
            Assert.Equal(Offset(span) == last.Offset ? true : null, span.GetTagItem("messaging.kafka.message.tombstone"));
        Assert.Null(Activity.Current);
    }

    [Fact]
    public async Task Put_that_is_not_committed_has_the_outcome_as_its_error()
    {
        using var spans = new HeardSpans(_topic);
        await using var writer = await WritableAsync("here", static options =>
        {
            options.Producer = new ProducerConfig { MessageMaxBytes = 1000 };
        });

        var refused = await Assert.ThrowsAsync<PutException>(
            () => writer.PutAsync("a", new string('x', 2000), cancellationToken: TestContext.Current.CancellationToken));

        var sent = Assert.Single(spans.Sends);
        Assert.Equal((ActivityStatusCode.Error, refused.Message), (sent.Status, sent.StatusDescription));
        Assert.Equal(("not_committed", "not_committed"), (sent.GetTagItem("error.type"), sent.GetTagItem("kafkacache.put.outcome")));
    }

    [Fact]
    public async Task Apply_of_a_record_that_cannot_be_used_has_the_reason_as_its_error()
    {
        using var spans = new HeardSpans(_topic);
        await using var writer = await WritableAsync("here", static options =>
        {
            options.ValidateRecord = static (in CacheRecord record) => !record.ValueBytes.SequenceEqual("bad"u8);
            options.OnRecordError = RecordErrorPolicy.Skip;
        });

        await writer.PutAsync("a", "bad", PutWait.Applied, TestContext.Current.CancellationToken);
        await Eventually.TrueAsync(() => spans.Processes.Count == 1);

        Assert.Equal(
            (ActivityStatusCode.Error, "record_refused"), (spans.Processes[0].Status, spans.Processes[0].GetTagItem("error.type")));
        Assert.Equal(ActivityStatusCode.Unset, spans.Sends[0].Status);
    }

    [Fact]
    public async Task Without_a_listener_no_header_is_written_though_there_is_a_current_activity()
    {
        await using var writer = await WritableAsync("here");
        using var request = StartRequest();

        await writer.PutAsync("a", "1", PutWait.Applied, TestContext.Current.CancellationToken);

        Assert.Empty(Assert.Single(await broker.Kafka.ReadAllAsync(_topic)).Message.Headers ?? []);
    }

    [Fact]
    public async Task Sampler_that_says_no_gets_no_spans_and_the_context_it_has_is_passed_on()
    {
        using var spans = new HeardSpans(_topic, ActivitySamplingResult.None);
        await using var writer = await WritableAsync("here");

        await writer.PutAsync("a", "1", PutWait.Applied, TestContext.Current.CancellationToken);
        using var request = StartRequest();
        request.TraceStateString = "vendor=1";
        await writer.PutAsync("a", "2", PutWait.Applied, TestContext.Current.CancellationToken);

        Assert.Empty(spans.All);
        var records = await broker.Kafka.ReadAllAsync(_topic);
        Assert.Empty(records[0].Message.Headers ?? []);
        Assert.Equal(
            [("traceparent", request.Id), ("tracestate", "vendor=1")],
            records[1].Message.Headers.Select(static header => (header.Key, (string?)Encoding.ASCII.GetString(header.GetValueBytes()))));
    }

    [Fact]
    public async Task Trace_state_longer_than_anyone_must_pass_on_is_left_out()
    {
        using var spans = new HeardSpans(_topic);
        await using var reader = await ReaderAsync("there");
        foreach (var length in new[] { 512, 513 })
        {
            await broker.Kafka.ProduceAsync(_topic, TestRecord.Of("a", "1") with
            {
                Headers = [
                    new Header("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"u8.ToArray()),
                    new Header("tracestate", Encoding.ASCII.GetBytes("v=".PadRight(length, '1'))),
                ],
            });
        }

        await Eventually.TrueAsync(() => spans.Processes.Count == 2);

        Assert.Equal([512, null], spans.Processes.OrderBy(Offset).Select(static span => span.TraceStateString?.Length));
    }

    [Theory]
    [InlineData(512, true)]
    [InlineData(513, false)]
    public async Task Trace_state_that_nobody_will_read_is_not_written(int length, bool isWritten)
    {
        using var spans = new HeardSpans(_topic);
        await using var writer = await WritableAsync("here");
        using var request = StartRequest();
        request.TraceStateString = "v=".PadRight(length, '1');

        await writer.PutAsync("a", "1", PutWait.Applied, TestContext.Current.CancellationToken);

        string[] expected = isWritten ? ["traceparent", "tracestate"] : ["traceparent"];
        Assert.Equal(expected, Assert.Single(await broker.Kafka.ReadAllAsync(_topic)).Message.Headers.Select(static header => header.Key));
    }

    [Theory]
    [InlineData("")]
    [InlineData("00-00000000000000000000000000000000-0000000000000000-01")]
    [InlineData("canary")]
    [InlineData(null)]
    public async Task Context_that_is_none_makes_no_span(string? parent)
    {
        using var spans = new HeardSpans(_topic);
        await using var reader = await ReaderAsync("there");

        var value = parent is null ? Encoding.ASCII.GetBytes(new string('0', 100_000)) : Encoding.ASCII.GetBytes(parent);
        await broker.Kafka.ProduceAsync(_topic, TestRecord.Of("a", "1") with { Headers = [new Header("traceparent", value)] });
        await reader.WaitUntilAppliedAsync(new CachePosition(0, 0), TestContext.Current.CancellationToken);

        Assert.Equal("1", reader.Get("a"));
        Assert.Empty(spans.All);
    }

    [Fact]
    public async Task Headers_are_given_to_the_replay_only_where_somebody_listens()
    {
        await broker.Kafka.ProduceAsync(_topic, TestRecord.Of("a", "1"), TestRecord.Of("b", "1"));
        using var clients = TestClients.Of(TestCaches.Options<string, string>(broker.BootstrapServers, _topic));
        Assert.False(await AreGivenAsync());
        using var spans = new HeardSpans(_topic);
        Assert.True(await AreGivenAsync());

        async Task<bool> AreGivenAsync()
        {
            using var source = new QueueSource(clients.Consumer(1), _topic, [new PartitionProgress(0, 0, 0, 0)], withHeaders: false);
            var given = new List<bool>();
            await Eventually.TrueAsync(() =>
            {
                foreach (ref readonly var record in source.Take(TimeSpan.FromMilliseconds(100)).Records)
                    given.Add(record.Headers is not null);
                return given.Count == 2;
            });
            return Assert.Single(given.Distinct());
        }
    }

    [Fact]
    public async Task Puts_that_wait_for_room_in_the_producers_queue_have_one_span_each()
    {
        const int entries = 500;
        using var spans = new HeardSpans(_topic);
        await using var writer = await WritableAsync(
            "here", static options => options.Producer = new ProducerConfig { QueueBufferingMaxMessages = 10 });
        using var request = StartRequest();

        var attempts = await writer.PutManyAsync(
            Enumerable.Range(0, entries).Select(static i => KeyValuePair.Create($"k{i}", "v")), PutWait.Acknowledged,
            TestContext.Current.CancellationToken);

        Assert.All(attempts, static attempt => Assert.Null(attempt.Error));
        Assert.Equal(entries, spans.Sends.Count);
        Assert.All(
            spans.Sends, sent => Assert.Equal((request.SpanId, ActivityStatusCode.Unset), (sent.ParentSpanId, sent.Status)));
        Assert.Same(request, Activity.Current);
    }

    private static long Offset(Activity span) => (long)span.GetTagItem("messaging.kafka.offset")!;

    private static Activity StartRequest() => new Activity("request").SetIdFormat(ActivityIdFormat.W3C).Start();

    private SortedDictionary<string, object?> Tags(string operation, string cache, params (string Name, object Value)[] more)
    {
        var tags = new SortedDictionary<string, object?>(StringComparer.Ordinal)
        {
            ["messaging.system"] = "kafka",
            ["messaging.operation.name"] = operation,
            ["messaging.operation.type"] = operation,
            ["messaging.destination.name"] = _topic,
            ["messaging.client.id"] = "tests",
            ["kafkacache.cache"] = cache,
        };
        foreach (var (name, value) in more)
            tags.Add(name, value);
        return tags;
    }

    private static SortedDictionary<string, object?> Tags(Activity span) =>
        new(span.TagObjects.ToDictionary(StringComparer.Ordinal), StringComparer.Ordinal);

    private Task<KafkaCache<string, string>> WritableAsync(string name, Action<KafkaCacheOptions<string, string>>? configure = null) =>
        ReaderAsync(name, options =>
    {
        options.ReadOnly = false;
        configure?.Invoke(options);
    });

    private Task<KafkaCache<string, string>> ReaderAsync(string name, Action<KafkaCacheOptions<string, string>>? configure = null) =>
        TestCaches.ReadyAsync(broker.BootstrapServers, _topic, options =>
        {
            options.Name = name;
            options.Client = new ClientConfig { ClientId = "tests" };
            configure?.Invoke(options);
        });
}
