using KafkaCaching.Testing;
using KafkaCaching.Testing.Nodes;
using KafkaCaching.Tests.Brokers;
using KafkaCaching.Tests.Replay;

namespace KafkaCaching.Tests.Topics;

/// <summary>Brokers whose advertised listeners can't be reached: the most common mistake with Kafka in a container.</summary>
public sealed class AdvertisedListenersTests
{
    private const string NoSuchHost = "kafka.invalid";

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(90);

    [Fact]
    public async Task The_reason_and_the_time_out_name_the_address_that_the_brokers_gave_and_the_setting()
    {
        var release = RealBrokerFixture.RequireRelease();
        var closed = FreePort.Take();
        var port = FreePort.Take();
        NodeListener[] listeners =
        [
            new("CLOSED", "PLAINTEXT", port, AdvertisedPort: closed),
            new("UNKNOWN", "PLAINTEXT", FreePort.Take(), AdvertisedPort: 9092, NoSuchHost),
        ];
        await using var node = await RealKafka.StartAsync(
            new RealKafkaOptions { Release = release, Listeners = listeners }, TestContext.Current.CancellationToken);
        using var kafka = new TestKafka(node.BootstrapServers);
        var topic = await kafka.CreateTopicAsync();

        await TellsAsync($"127.0.0.1:{port}", $"127.0.0.1:{closed}", topic);
        await TellsAsync($"127.0.0.1:{listeners[1].Port}", $"{NoSuchHost}:9092", topic);
    }

    [Fact]
    public async Task Brokers_that_do_not_answer_at_all_are_reported_as_such()
    {
        await using var cache = KafkaCache.Create(TestCaches.Options<string, string>("127.0.0.1:1", "t"));
        await Eventually.TrueAsync(() => cache.Status.Reason?.Contains("Are they up", StringComparison.Ordinal) == true);
        Assert.DoesNotContain("advertised.listeners", cache.Status.Reason, StringComparison.Ordinal);
    }

    private static async Task TellsAsync(string servers, string advertised, string topic)
    {
        await using var cache = KafkaCache.Create(TestCaches.Options<string, string>(servers, topic));
        await Eventually.TrueAsync(() => cache.Status.Reason?.Contains("advertised.listeners", StringComparison.Ordinal) == true, Limit);
        Assert.Contains(advertised, cache.Status.Reason, StringComparison.Ordinal);
        Assert.DoesNotContain("Are they up", cache.Status.Reason, StringComparison.Ordinal);

        var late = Assert.Throws<TimeoutException>(() => cache.WaitUntilReady(TimeSpan.FromMilliseconds(100)));
        Assert.Contains("advertised.listeners", late.Message, StringComparison.Ordinal);
        Assert.Contains(advertised, late.Message, StringComparison.Ordinal);
    }
}
