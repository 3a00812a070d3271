using System.Text;
using KafkaCaching.Tests.Brokers;

namespace KafkaCaching.Tests.Demo;

public sealed class TopicDemoTests(EmbeddedBrokerFixture broker)
{
    [Fact]
    public async Task A_value_is_served_as_its_bytes_with_its_place_and_time()
    {
        var topic = broker.CreateTopic(partitions: 2);
        var written = new DateTimeOffset(2026, 2, 3, 4, 5, 6, 789, TimeSpan.Zero);
        var produced = await broker.Kafka.ProduceAsync(topic, TestRecord.Of("json", """ {"a": 1} """) with { Timestamp = written });
        await broker.Kafka.ProduceAsync(topic, new TestRecord("binary"u8.ToArray(), [0, 0xff, 0x80]));
        await broker.Kafka.ProduceAsync(topic, "html", "<script>alert(1)</script>");
        await using var demo = await StartAsync(topic);

        var json = await demo.GetAsync($"/topics/{topic}/json");
        var binary = await demo.GetAsync($"/topics/{topic}/binary");
        var html = await demo.GetAsync($"/topics/{topic}/html");

        Assert.Equal(("application/json", """ {"a": 1} """), (json.ContentType, Encoding.UTF8.GetString(json.Body)));
        Assert.Equal($"{topic}={produced[0].Partition.Value}:{produced[0].Offset.Value}", json.Header("KafkaCache-Position"));
        Assert.Equal("2026-02-03T04:05:06.789Z", json.Header("KafkaCache-Timestamp"));
        Assert.Equal("application/octet-stream", binary.ContentType);
        Assert.Equal([0, 0xff, 0x80], binary.Body);
        Assert.Equal("application/octet-stream", html.ContentType);
        Assert.All([json, binary, html], answer => Assert.Equal("nosniff", answer.Header("X-Content-Type-Options")));
    }

    [Fact]
    public async Task Records_that_can_not_be_used_are_passed_over_where_asked()
    {
        var topic = broker.CreateTopic();
        await broker.Kafka.ProduceAsync(topic, TestRecord.Of(null, "no key"), TestRecord.Of("key", "value"));
        await using var demo = await DemoUnderTest.StartReadyAsync("--kafka", broker.BootstrapServers, "--topic", topic, "--on-record-error", "skip");

        Assert.Equal("value", Encoding.UTF8.GetString((await demo.GetAsync($"/topics/{topic}/key")).Body));
        Assert.Equal(1, (await demo.GetAsync($"/topics/{topic}")).Json.GetProperty("recordErrors").GetInt32());
    }

    [Fact]
    public async Task Head_gives_the_headers_alone()
    {
        var topic = broker.CreateTopic();
        await broker.Kafka.ProduceAsync(topic, "key", "value");
        await using var demo = await StartAsync(topic);

        var answer = await demo.SendAsync(HttpMethod.Head, $"/topics/{topic}/key");

        Assert.Equal((200, 5L, 0), (answer.Status, answer.ContentHeaders.ContentLength, answer.Body.Length));
        Assert.Equal($"{topic}=0:0", answer.Header("KafkaCache-Position"));
    }

    [Theory]
    [InlineData("plain", "plain")]
    [InlineData("a%2Fb", "a/b")]
    [InlineData("a/b", "a/b")]
    [InlineData("a%252Fb", "a%2Fb")]
    [InlineData("100%25", "100%")]
    [InlineData("what%3F", "what?")]
    [InlineData("", "")]
    [InlineData("/a//", "/a//")]
    [InlineData("a/../b", "a/../b")]
    [InlineData("../../users", "../../users")]
    [InlineData("%2E%2E", "..")]
    [InlineData(".", ".")]
    [InlineData("%C3%A9%20%E2%82%AC+1", "é €+1")]
    [InlineData("%0D%0AX-Injected:%201", "\r\nX-Injected: 1")]
    [InlineData("%FF", "\uFFFD")]
    public async Task Any_key_reaches_the_topic_and_comes_back_exactly(string path, string key)
    {
        var topic = broker.CreateTopic();
        await using var demo = await StartAsync(topic, "--writable");

        var put = await demo.PutAsync($"/topics/{topic}/{path}?wait=applied", "value"u8.ToArray());
        var got = await demo.GetAsync($"/topics/{topic}/{path}");
        var records = await broker.Kafka.ReadAllAsync(topic);

        Assert.Equal((200, 200), (put.Status, got.Status));
        Assert.Equal("value", Encoding.UTF8.GetString(got.Body));
        Assert.Equal(key, Encoding.UTF8.GetString(Assert.Single(records).Message.Key!));
    }

    [Fact]
    public async Task A_key_with_broken_encoding_is_a_problem()
    {
        var topic = broker.CreateTopic();
        await using var demo = await StartAsync(topic);

        Assert.Contains("%25", (await demo.GetAsync($"/topics/{topic}/100%25%")).AssertProblem(400), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_deleted_key_is_absent_and_an_empty_body_is_a_value()
    {
        var topic = broker.CreateTopic();
        await using var demo = await StartAsync(topic, "--writable");
        var path = $"/topics/{topic}/key";

        await demo.PutAsync($"{path}?wait=applied", []);
        var empty = await demo.GetAsync(path);
        var deleted = await demo.SendAsync(HttpMethod.Delete, $"{path}?wait=applied");

        Assert.Equal((200, "application/octet-stream", 0), (empty.Status, empty.ContentType, empty.Body.Length));
        Assert.Equal($"{topic}=0:1", deleted.Header("KafkaCache-Position"));
        Assert.Contains("%2F", (await demo.GetAsync(path)).AssertProblem(404), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_read_only_demo_refuses_writes_and_names_the_option()
    {
        var topic = broker.CreateTopic();
        await using var demo = await StartAsync(topic);

        Assert.Contains("--writable", (await demo.PutAsync($"/topics/{topic}/key", [1])).AssertProblem(405), StringComparison.Ordinal);
        Assert.Contains("--writable", (await demo.SendAsync(HttpMethod.Delete, $"/topics/{topic}/key")).AssertProblem(405), StringComparison.Ordinal);
        Assert.Equal(0, await broker.Kafka.EndOffsetAsync(topic, 0));
    }

    [Theory]
    [InlineData(1_048_500)]
    [InlineData(3_000_000)]
    public async Task A_value_that_is_too_large_is_refused(int bytes)
    {
        var topic = broker.CreateTopic();
        await using var demo = await StartAsync(topic, "--writable");

        (await demo.PutAsync($"/topics/{topic}/key", new byte[bytes])).AssertProblem(413);
        Assert.Equal(0, await broker.Kafka.EndOffsetAsync(topic, 0));
    }

    [Fact]
    public async Task Several_topics_are_served_and_others_are_not()
    {
        var (first, second) = (broker.CreateTopic(), broker.CreateTopic());
        await broker.Kafka.ProduceAsync(second, "key", "of the second");
        await using var demo = await StartAsync(first, "--topic", second);

        Assert.Equal(2, (await demo.GetAsync("/topics")).Json.GetArrayLength());
        Assert.Equal("of the second", Encoding.UTF8.GetString((await demo.GetAsync($"/topics/{second}/key")).Body));
        (await demo.GetAsync($"/topics/{first}/key")).AssertProblem(404);
        Assert.Contains(first, (await demo.GetAsync("/topics/other/key")).AssertProblem(404), StringComparison.Ordinal);
        (await demo.GetAsync($"/x/../topics/{second}/key")).AssertProblem(404);
    }

    [Fact]
    public async Task Puts_acknowledged_before_the_stop_are_in_the_topic_and_the_stop_is_quick()
    {
        var topic = broker.CreateTopic();
        var demo = await StartAsync(topic, "--writable");
        var puts = await Task.WhenAll(Enumerable.Range(0, 200).Select(i => demo.PutAsync($"/topics/{topic}/{i}", [1])));

        await demo.DisposeAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(5), TestContext.Current.CancellationToken);

        Assert.All(puts, put => Assert.Equal(200, put.Status));
        Assert.Equal(200, await broker.Kafka.EndOffsetAsync(topic, 0));
    }

    private Task<DemoUnderTest> StartAsync(string topic, params string[] more) =>
        DemoUnderTest.StartReadyAsync(["--kafka", broker.BootstrapServers, "--topic", topic, .. more]);
}
