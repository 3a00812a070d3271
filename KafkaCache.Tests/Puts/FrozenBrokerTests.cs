using KafkaCaching.Testing;
using KafkaCaching.Tests.Brokers;

namespace KafkaCaching.Tests.Puts;

/// <summary>A real broker freezes with requests in its sockets, which is a typical cause of unknown outcomes.</summary>
public sealed class FrozenBrokerTests
{
    [Fact]
    public async Task Put_that_timed_out_while_the_broker_was_frozen_is_unknown_and_the_log_decides_later()
    {
        await using RealKafka kafka = await RealKafka.StartAsync(new RealKafkaOptions { Release = RealBrokerFixture.RequireRelease() });
        using var admin = new TestKafka(kafka.BootstrapServers);
        var topic = await admin.CreateTopicAsync();
        KafkaCacheOptions<string, string> options = TestOptions.For(kafka.BootstrapServers, topic);
        options.PutTimeout = TimeSpan.FromSeconds(5);
        await using var cache = KafkaCache.Create(options);
        await cache.WaitUntilReadyAsync();
        await Eventually.TrueAsync(
            async () => (await cache.PutManyAsync([new("warm", "up")], PutWait.Applied))[0].Error is null, "the producer is warm");

        await kafka.PauseAsync();
        PutException[] ended;
        try
        {
            ended = await Task.WhenAll(
                Enumerable.Range(0, 5).Select(i => Assert.ThrowsAsync<PutException>(() => cache.PutAsync($"k{i}", "v"))));
        }
        finally
        {
            await kafka.ResumeAsync();
        }

        Assert.Contains(ended, static put => put.Outcome == PutOutcome.Unknown);

        // The producer goes on over another connection, and with a higher epoch. If the broker read that connection first, it would
        // refuse what is still in the socket of the old one.
        await Eventually.TrueAsync(
            async () => await admin.EndOffsetAsync(topic, 0) > 1,
            $"the log has what was in the broker's socket: {string.Join(", ", ended.Select(Told))}");
        PutResult later = default;
        await Eventually.TrueAsync(
            async () =>
            {
                PutAttempt attempt = (await cache.PutManyAsync([new("later", "v")], PutWait.Applied))[0];
                later = attempt.Result ?? default;
                return attempt.Error is null;
            },
            "later puts work");

        Assert.Equal(later.Offset + 1, await admin.EndOffsetAsync(topic, 0));
        for (var i = 0; i < ended.Length; i++)
        {
            if (ended[i].Outcome == PutOutcome.NotCommitted)
                Assert.Null(cache.Get($"k{i}"));
        }

        Assert.NotNull(cache.Get("k0"));

        static string Told(PutException put) => $"{put.Outcome} ({put.Message})";
    }
}
