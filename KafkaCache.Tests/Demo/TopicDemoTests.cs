using System.Text;
using KafkaCaching.Testing;
using KafkaCaching.Tests.Brokers;

namespace KafkaCaching.Tests.Demo;

/// <summary>The demo on topics of an existing Kafka. The tests share a writable demo, and each uses its own keys; some start another
/// demo.</summary>
public sealed class TopicDemoTests(TopicDemoTests.TwoTopics two) : IClassFixture<TopicDemoTests.TwoTopics>
{
    private const string First = TwoTopics.First;
    private const string Second = TwoTopics.Second;

    private readonly DemoProcess _demo = two.Demo;

    [Fact]
    public async Task A_value_is_served_as_its_bytes_with_its_place_and_time_and_never_as_a_page()
    {
        var written = new DateTimeOffset(2026, 2, 3, 4, 5, 6, 789, TimeSpan.Zero);
        var topic = two.CreateTopic();
        await two.Kafka.ProduceAsync(topic, TestRecord.Of("json", """ {"a": 1} """) with { Timestamp = written });
        await two.Kafka.ProduceAsync(topic, new TestRecord("binary"u8.ToArray(), [0, 0xff, 0x80]));
        await two.Kafka.ProduceAsync(topic, "html", "<script>alert(1)</script>");
        await using var demo = await DemoProcess.StartReadyAsync("--bootstrap-servers", two.Broker.BootstrapServers, "--topic", topic);

        var json = await demo.GetAsync($"/topics/{topic}/json");
        var binary = await demo.GetAsync($"/topics/{topic}/binary");
        var html = await demo.GetAsync($"/topics/{topic}/html");
        var head = await demo.SendAsync(HttpMethod.Head, $"/topics/{topic}/json");

        Assert.Equal(("application/json", """ {"a": 1} """), (json.ContentType, json.Text));
        Assert.Equal($"{topic}=0:0", json.Header("KafkaCache-Position"));
        Assert.Equal(written, DateTimeOffset.Parse(json.Header("KafkaCache-Timestamp")!, null));
        Assert.Equal("application/octet-stream", binary.ContentType);
        Assert.Equal([0, 0xff, 0x80], binary.Body);
        Assert.Equal(("application/octet-stream", "nosniff"), (html.ContentType, html.Header("X-Content-Type-Options")));
        Assert.Equal((200, 10L, 0), (head.Status, head.ContentHeaders.ContentLength, head.Body.Length));
    }

    [Fact]
    public async Task Keys_are_listed_by_their_prefix_and_changes_are_watched()
    {
        var topic = two.CreateTopic();
        await two.Kafka.ProduceAsync(topic, TestRecord.Of("b1", "1"), TestRecord.Of("a2", "1"), TestRecord.Of("a1", "1"));
        await using var demo = await DemoProcess.StartReadyAsync("--bootstrap-servers", two.Broker.BootstrapServers, "--topic", topic);

        Assert.Equal(["a1", "a2"], await KeysAsync("a"));
        Assert.Equal(["a1", "a2", "b1"], await KeysAsync(""));
        Assert.Equal("event: initial", await demo.FirstLineAsync($"/topics/{topic}/watch"));

        async Task<IEnumerable<string?>> KeysAsync(string prefix) =>
            (await demo.GetAsync($"/topics/{topic}?prefix={prefix}")).Json.EnumerateArray().Select(static key => key.GetString());
    }

    [Fact]
    public async Task Writes_are_refused_unless_it_was_started_writable()
    {
        var topic = two.CreateTopic();
        await using var demo = await DemoProcess.StartReadyAsync("--bootstrap-servers", two.Broker.BootstrapServers, "--topic", topic);

        (await demo.PutAsync($"/topics/{topic}/key", [1])).AssertProblem(405);
        (await demo.SendAsync(HttpMethod.Delete, $"/topics/{topic}/key")).AssertProblem(405);
        Assert.Equal(0, await two.Kafka.EndOffsetAsync(topic, 0));
    }

    [Fact]
    public async Task Records_that_can_not_be_used_end_the_demo_or_are_passed_over_where_asked()
    {
        var topic = two.CreateTopic();
        string[] args = ["--bootstrap-servers", two.Broker.BootstrapServers, "--topic", topic];
        await two.Kafka.ProduceAsync(topic, TestRecord.Of(null, "no key"), TestRecord.Of("key", "value"));
        await using var failing = DemoProcess.Start(args);
        await using var skipping = await DemoProcess.StartReadyAsync([.. args, "--on-record-error", "skip"]);

        Assert.Equal("value", (await skipping.GetAsync($"/topics/{topic}/key")).Text);
        Assert.Equal(1, (await skipping.GetAsync($"/topics/{topic}")).Json.GetProperty("recordErrors").GetInt32());
        Assert.Equal(1, await failing.ExitCodeAsync(TimeSpan.FromSeconds(60)));
        Assert.StartsWith("error: ", failing.Error, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', failing.Error);
    }

    [Theory]
    [InlineData("plain", "plain")]
    [InlineData("a/b", "a/b")]
    [InlineData("100%25", "100%")]
    [InlineData("what%3F", "what?")]
    [InlineData("%C3%A9%20%E2%82%AC+1", "é €+1")]
    public async Task A_key_reaches_the_topic_and_comes_back_exactly(string path, string key)
    {
        var put = await _demo.PutAsync($"/topics/{First}/{path}?wait=applied", "value"u8.ToArray());
        var got = await _demo.GetAsync($"/topics/{First}/{path}");
        var records = await two.Kafka.ReadAllAsync(First);

        Assert.Equal((200, 200, "value"), (put.Status, got.Status, got.Text));
        Assert.Contains(records, record => Encoding.UTF8.GetString(record.Message.Key!) == key);
    }

    [Fact]
    public async Task A_deleted_key_is_absent_and_an_empty_body_is_a_value()
    {
        const string path = $"/topics/{First}/to-be-deleted";

        await _demo.PutAsync($"{path}?wait=applied", []);
        var empty = await _demo.GetAsync(path);
        await _demo.SendAsync(HttpMethod.Delete, $"{path}?wait=applied");

        Assert.Equal((200, 0), (empty.Status, empty.Body.Length));
        (await _demo.GetAsync(path)).AssertProblem(404);
    }

    [Theory]
    [InlineData(1_048_500)]
    [InlineData(3_000_000)]
    public async Task A_value_that_is_too_large_is_refused(int bytes) =>
        (await _demo.PutAsync($"/topics/{First}/large", new byte[bytes])).AssertProblem(413);

    [Fact]
    public async Task Several_topics_are_served_and_others_are_not()
    {
        Assert.Equal(200, (await _demo.PutAsync($"/topics/{Second}/of-the-second?wait=applied", [1])).Status);

        Assert.Equal([1], (await _demo.GetAsync($"/topics/{Second}/of-the-second")).Body);
        (await _demo.GetAsync($"/topics/{First}/of-the-second")).AssertProblem(404);
        (await _demo.GetAsync("/topics/other/key")).AssertProblem(404);
        Assert.Equal(2, (await _demo.GetAsync("/topics")).Json.GetArrayLength());
    }

    public sealed class TwoTopics : IAsyncLifetime
    {
        public const string First = "first";
        public const string Second = "second";

        public EmbeddedBroker Broker { get; } = EmbeddedBroker.Start();

        internal TestKafka Kafka { get; private set; } = null!;

        internal DemoProcess Demo { get; private set; } = null!;

        public string CreateTopic(string? name = null)
        {
            name ??= TestKafka.UniqueTopic();
            Broker.CreateTopic(name);
            return name;
        }

        public async ValueTask InitializeAsync()
        {
            Kafka = new TestKafka(Broker.BootstrapServers);
            Demo = await DemoProcess.StartReadyAsync(
                "--kafka", Broker.BootstrapServers, "--topic", CreateTopic(First), "--topic", CreateTopic(Second), "--writable");
        }

        public async ValueTask DisposeAsync()
        {
            await Demo.DisposeAsync();
            Kafka.Dispose();
            Broker.Dispose();
        }
    }
}
