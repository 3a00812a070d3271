using System.Text;
using KafkaCaching.Testing;
using KafkaCaching.Tests.Brokers;

namespace KafkaCaching.Tests.Puts;

/// <summary>A proxy between the cache and a real broker loses produce requests or responses.</summary>
[Collection(nameof(ProxiedKafkaTests))]
public sealed class LostAnswerTests(ProxiedKafka kafka)
{
    [Theory]
    [InlineData(nameof(FrameFate.Swallow), 5)]
    [InlineData(nameof(FrameFate.Cut), 30)]
    public async Task Put_whose_answer_is_lost_once_has_an_outcome_that_the_log_agrees_with(string fate, int timeoutSeconds)
    {
        var proxy = await kafka.StartAsync();
        var topic = await kafka.Direct.CreateTopicAsync();
        await using var cache = await WarmAsync(proxy, topic, TimeSpan.FromSeconds(timeoutSeconds));

        // If a response is lost, the client waits for it until the put times out. After a connection reset, it sends the request again at
        // once.
        var fault = proxy.Fault = new FrameFault(
            static frame => frame.Is(KafkaApi.Produce, response: true), Enum.Parse<FrameFate>(fate), times: 1);
        var puts = Enumerable.Range(0, 5).Select(i => EndAsync(cache, $"k{i}")).ToList();
        var ends = await Task.WhenAll(puts);

        Assert.Equal(1, fault.Met);
        await AssertLogAgreesAsync(topic, ends);
        Assert.True(fault.Fate == FrameFate.Swallow || ends.Any(static end => end.Outcome == PutOutcome.Committed));
        await PutUntilCommittedAsync(cache, "after");
    }

    [Fact]
    public async Task Put_whose_answers_are_lost_until_its_time_is_out_is_unknown()
    {
        var proxy = await kafka.StartAsync();
        var topic = await kafka.Direct.CreateTopicAsync();
        await using var cache = await WarmAsync(proxy, topic, TimeSpan.FromSeconds(5));

        proxy.Fault = FrameFault.Swallow(KafkaApi.Produce, response: true);
        var end = await EndAsync(cache, "lost");
        proxy.Fault = null;

        Assert.Equal(PutOutcome.Unknown, end.Outcome);
        await PutUntilCommittedAsync(cache, "after");
        Assert.Equal("v", cache.Get("lost"));
        await AssertLogAgreesAsync(topic, [end]);
    }

    [Fact]
    public async Task Put_whose_requests_are_lost_is_never_committed_and_not_in_the_log_later_where_it_says_so()
    {
        var proxy = await kafka.StartAsync();
        var topic = await kafka.Direct.CreateTopicAsync();
        await using var cache = await WarmAsync(proxy, topic, TimeSpan.FromSeconds(5));

        var fault = proxy.Fault = FrameFault.Swallow(KafkaApi.Produce, response: false);
        var ends = await Task.WhenAll(Enumerable.Range(0, 5).Select(i => EndAsync(cache, $"k{i}")));
        proxy.Fault = null;

        Assert.NotEqual(0, fault.Met);
        Assert.DoesNotContain(ends, static end => end.Outcome == PutOutcome.Committed);
        Assert.Contains(ends, static end => end.Outcome == PutOutcome.Unknown);
        await PutUntilCommittedAsync(cache, "after");
        await AssertLogAgreesAsync(topic, ends);
        Assert.All(ends, end => Assert.Null(cache.Get(end.Key)));
    }

    private static async Task<KafkaCache<string, string>> WarmAsync(FaultProxy proxy, string topic, TimeSpan putTimeout)
    {
        var options = TestOptions.For(proxy.Address, topic);
        options.PutTimeout = putTimeout;
        var cache = KafkaCache.Create(options);
        await cache.WaitUntilReadyAsync(TestContext.Current.CancellationToken);
        await PutUntilCommittedAsync(cache, "warm");
        return cache;
    }

    // The first connection of a producer, or a reconnection, may take longer than the short timeout.
    private static Task PutUntilCommittedAsync(KafkaCache<string, string> cache, string key) => Eventually.TrueAsync(
        async () => (await cache.PutManyAsync([new(key, "v")], PutWait.Applied))[0].Error is null, $"{key} is put",
        TimeSpan.FromSeconds(60));

    private static async Task<End> EndAsync(KafkaCache<string, string> cache, string key)
    {
        try
        {
            return new End(key, PutOutcome.Committed, (await cache.PutAsync(key, "v")).Position);
        }
        catch (PutException failed)
        {
            Assert.Null(failed.Result);
            return new End(key, failed.Outcome, At: null);
        }
    }

    private async Task AssertLogAgreesAsync(string topic, IEnumerable<End> ends)
    {
        var log = (await kafka.Direct.ReadAllAsync(topic)).ToLookup(
            static record => Encoding.UTF8.GetString(record.Message.Key!), static record => new CachePosition(
                record.Partition.Value, record.Offset.Value));
        foreach (var end in ends)
        {
            var found = log[end.Key].ToList();
            Assert.True(found.Count <= 1, $"{end.Key} is {found.Count} times in the log");
            if (end.Outcome == PutOutcome.Committed)
                Assert.Equal([end.At!.Value], found);
            if (end.Outcome == PutOutcome.NotCommitted)
                Assert.Empty(found);
            TestContext.Current.TestOutputHelper?.WriteLine($"{end.Key}: {end.Outcome} {end.At}, in the log at {string.Join(", ", found)}");
        }
    }

    private sealed record End(string Key, PutOutcome Outcome, CachePosition? At);
}
