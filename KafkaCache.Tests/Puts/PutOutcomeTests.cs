using System.Diagnostics;
using Confluent.Kafka;
using KafkaCaching.Testing;
using KafkaCaching.Tests.Brokers;

namespace KafkaCaching.Tests.Puts;

/// <summary>Compares the outcome of a put with the log if the broker refuses the request, delays it or does not respond.</summary>
public sealed class PutOutcomeTests
{
    [Theory]
    [InlineData(ErrorCode.RequestTimedOut)]
    [InlineData(ErrorCode.NotEnoughReplicas)]
    [InlineData(ErrorCode.NotEnoughReplicasAfterAppend)]
    [InlineData(ErrorCode.NotLeaderForPartition)]
    [InlineData(ErrorCode.KafkaStorageError)]
    [InlineData(ErrorCode.Local_Transport)]
    public async Task Passing_error_is_retried_and_the_record_is_in_the_log_once(ErrorCode error)
    {
        await using OwnBroker own = await OwnBroker.StartAsync();
        own.Broker.PushRequestErrors(KafkaApi.Produce, error, error);

        PutResult put = await own.Cache.PutAsync("k", "v", PutWait.Applied);

        Assert.Equal(new CachePosition(0, 1), put.Position);
        await own.AssertLogAgreesAsync("k", PutOutcome.Committed, put);
        Assert.Equal("v", own.Cache.Get("k"));
    }

    [Theory]
    [InlineData(ErrorCode.MsgSizeTooLarge)]
    [InlineData(ErrorCode.InvalidRecord)]
    [InlineData(ErrorCode.PolicyViolation)]
    [InlineData(ErrorCode.TopicAuthorizationFailed)]
    [InlineData(ErrorCode.ClusterAuthorizationFailed)]
    [InlineData(ErrorCode.InvalidProducerEpoch)]
    public async Task Refusal_of_the_broker_is_not_committed_and_later_puts_work(ErrorCode error)
    {
        await using OwnBroker own = await OwnBroker.StartAsync();
        own.Broker.PushRequestErrors(KafkaApi.Produce, error);

        PutException refused = await Assert.ThrowsAsync<PutException>(() => own.Cache.PutAsync("k", "v", PutWait.Applied));

        Assert.Equal(PutOutcome.NotCommitted, refused.Outcome);
        Assert.Contains(error.ToString(), refused.Message, StringComparison.Ordinal);
        var (key, later) = await PutUntilItWorksAsync(own.Cache);
        await own.AssertLogAgreesAsync(key, PutOutcome.Committed, later);
        await own.AssertLogAgreesAsync("k", PutOutcome.NotCommitted, refused.Result);
    }

    [Fact]
    public async Task Size_that_the_broker_refuses_is_reported_as_the_limit_of_the_broker_and_not_of_an_option()
    {
        await using OwnBroker own = await OwnBroker.StartAsync();
        own.Broker.PushRequestErrors(KafkaApi.Produce, ErrorCode.MsgSizeTooLarge);

        PutException refused = await Assert.ThrowsAsync<PutException>(() => own.Cache.PutAsync("k", "v"));

        Assert.Contains("max.message.bytes", refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("MessageMaxBytes", refused.Message, StringComparison.Ordinal);
        Assert.Equal(ErrorCode.MsgSizeTooLarge, Assert.IsType<KafkaException>(refused.InnerException).Error.Code);
    }

    [Theory]
    [InlineData(ErrorCode.RequestTimedOut)]
    [InlineData(ErrorCode.NotEnoughReplicasAfterAppend)]
    [InlineData(ErrorCode.NotEnoughReplicas)]
    // A leader that is replaced while it waits for its followers returns this error although the record is written.
    [InlineData(ErrorCode.NotLeaderForPartition)]
    public async Task Error_that_lasts_past_the_time_out_leaves_the_put_unknown(ErrorCode error)
    {
        await using OwnBroker own = await OwnBroker.StartAsync(static options => options.PutTimeout = TimeSpan.FromSeconds(1));
        own.Broker.PushRequestErrors(KafkaApi.Produce, [.. Enumerable.Repeat(error, 1000)]);
        var start = Stopwatch.GetTimestamp();

        PutException failed = await Assert.ThrowsAsync<PutException>(() => own.Cache.PutAsync("k", "v"));

        Assert.InRange(Stopwatch.GetElapsedTime(start), TimeSpan.FromSeconds(0.5), TimeSpan.FromSeconds(5));
        Assert.Equal(PutOutcome.Unknown, failed.Outcome);
        own.Broker.ClearRequestErrors(KafkaApi.Produce);
        var (key, later) = await PutUntilItWorksAsync(own.Cache);
        await own.AssertLogAgreesAsync(key, PutOutcome.Committed, later);
        await own.AssertLogAgreesAsync("k", PutOutcome.Unknown, failed.Result);
    }

    [Fact]
    public async Task Acknowledged_as_a_duplicate_is_unknown_because_it_has_no_offset()
    {
        await using OwnBroker own = await OwnBroker.StartAsync();
        own.Broker.PushRequestErrors(KafkaApi.Produce, ErrorCode.DuplicateSequenceNumber);

        PutException failed = await Assert.ThrowsAsync<PutException>(() => own.Cache.PutAsync("k", "v", PutWait.Applied));

        Assert.Equal(PutOutcome.Unknown, failed.Outcome);
        Assert.Null(failed.Result);
        Assert.Contains("without an offset", failed.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Refused_while_the_next_one_waits_its_turn_is_retried_before_it()
    {
        await using OwnBroker own = await OwnBroker.StartAsync(static options => options.Producer = new ProducerConfig { MaxInFlight = 1 });

        var (refused, taken) = await PutTwoOfWhichTheFirstIsRefusedAsync(own, TimeSpan.FromSeconds(1));

        await own.AssertLogAgreesAsync("refused", PutOutcome.Committed, await refused);
        Assert.InRange(taken.Position.Offset, (await refused).Position.Offset + 1, long.MaxValue);
    }

    [Fact]
    public async Task Refused_while_the_next_one_is_taken_is_unknown_though_the_client_calls_it_written()
    {
        await using OwnBroker own = await OwnBroker.StartAsync(static options => options.PutTimeout = TimeSpan.FromMinutes(1));

        var (refused, taken) = await PutTwoOfWhichTheFirstIsRefusedAsync(own, TimeSpan.FromSeconds(4));
        PutException failed = await Assert.ThrowsAsync<PutException>(() => refused);

        Assert.Equal(PutOutcome.Unknown, failed.Outcome);
        Assert.Contains("without an offset", failed.Message, StringComparison.Ordinal);
        await own.AssertLogAgreesAsync("taken", PutOutcome.Committed, taken);
        Assert.DoesNotContain(await own.ReadLogAsync(), static record => record.Key == "refused");
    }

    [Fact]
    public async Task Broker_that_is_down_ends_a_put_by_its_time_out_as_unknown()
    {
        await using OwnBroker own = await OwnBroker.StartAsync(static options => options.PutTimeout = TimeSpan.FromSeconds(1));
        own.Broker.SetBrokerDown();
        var start = Stopwatch.GetTimestamp();

        PutException asynchronous = await Assert.ThrowsAsync<PutException>(() => own.Cache.PutAsync("k", "v"));
        PutException synchronous = Assert.Throws<PutException>(() => own.Cache.Remove("k"));

        Assert.InRange(Stopwatch.GetElapsedTime(start), TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(8));
        Assert.Equal((PutOutcome.Unknown, PutOutcome.Unknown), (asynchronous.Outcome, synchronous.Outcome));
        own.Broker.SetBrokerUp();
        var (key, later) = await PutUntilItWorksAsync(own.Cache);
        await own.AssertLogAgreesAsync(key, PutOutcome.Committed, later);
        await own.AssertLogAgreesAsync("k", PutOutcome.Unknown, asynchronous.Result);
    }

    [Fact]
    public async Task Broker_that_was_never_up_ends_the_first_put_as_unknown()
    {
        await using OwnBroker own = OwnBroker.StartCold(static options => options.PutTimeout = TimeSpan.FromMilliseconds(100));
        own.Broker.SetBrokerDown();
        Assert.Equal(PutOutcome.Unknown, (await Assert.ThrowsAsync<PutException>(() => own.Cache.PutAsync("k", "v"))).Outcome);
    }

    [Fact]
    public async Task Answer_that_comes_after_the_time_out_leaves_the_put_unknown_though_it_is_in_the_log()
    {
        await using OwnBroker own = await OwnBroker.StartAsync(static options => options.PutTimeout = TimeSpan.FromSeconds(2));
        own.Broker.SetRoundTripTime(TimeSpan.FromSeconds(6));

        PutException failed = await Assert.ThrowsAsync<PutException>(() => own.Cache.PutAsync("k", "v"));

        Assert.Equal(PutOutcome.Unknown, failed.Outcome);
        own.Broker.SetRoundTripTime(TimeSpan.Zero);
        await Eventually.TrueAsync(() => own.Cache.Get("k") == "v");
    }

    [Fact]
    public async Task Topic_that_is_missing_ends_a_put_by_its_time_out_and_takes_one_once_it_is_there()
    {
        using EmbeddedBroker broker = EmbeddedBroker.Start();
        var topic = TestKafka.UniqueTopic();
        KafkaCacheOptions<string, string> options = TestOptions.For(broker.BootstrapServers, topic);
        options.PutTimeout = TimeSpan.FromSeconds(5);
        await using var cache = KafkaCache.Create(options);

        PutException failed = await Assert.ThrowsAsync<PutException>(() => cache.PutAsync("k", "v"));
        Assert.Equal(PutOutcome.Unknown, failed.Outcome);

        broker.CreateTopic(topic);
        var (key, later) = await PutUntilItWorksAsync(cache);
        Assert.Equal(0, later.Offset);
        await cache.WaitUntilAppliedAsync(later.Position, TestContext.Current.CancellationToken); // The record may not be applied yet.
        Assert.Equal(key, Assert.Single(cache.Scan()).Key);
    }

    private static async Task<(
        Task<PutResult> Refused, PutResult Taken)> PutTwoOfWhichTheFirstIsRefusedAsync(OwnBroker own, TimeSpan roundTrip)
    {
        own.Broker.SetRoundTripTime(roundTrip); // The second put is sent before the first one is answered.
        own.Broker.PushRequestErrors(KafkaApi.Produce, ErrorCode.NotLeaderForPartition);
        own.Broker.StartRequestTracking();
        var refused = own.Cache.PutAsync("refused", "v");
        await Eventually.TrueAsync(() => own.Broker.CountRequests(KafkaApi.Produce) >= 1);
        PutResult taken = await own.Cache.PutAsync("taken", "v");
        own.Broker.SetRoundTripTime(TimeSpan.Zero);
        return (refused, taken);
    }

    // The client uses cached metadata of the topic until the next refresh, so the put is retried. Each attempt uses a new key, because an
    // attempt of unknown outcome may be in the log.
    private static async Task<(string Key, PutResult Result)> PutUntilItWorksAsync(KafkaCache<string, string> cache)
    {
        var attempts = 0;
        PutResult? result = null;
        await Eventually.TrueAsync(
            async () =>
            {
                try
                {
                    result = await cache.PutAsync($"later {++attempts}", "v");
                    return true;
                }
                catch (PutException early) when (early.Outcome is PutOutcome.NotCommitted or PutOutcome.Unknown)
                {
                    return false;
                }
            },
            "a later put works",
            TimeSpan.FromSeconds(30));
        return ($"later {attempts}", result!.Value);
    }
}
