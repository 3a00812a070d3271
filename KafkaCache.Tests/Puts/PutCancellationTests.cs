using KafkaCaching.Tests.Brokers;

namespace KafkaCaching.Tests.Puts;

/// <summary>Waits for a put that are cancelled before the put has ended.</summary>
public sealed class PutCancellationTests
{
    [Fact]
    public async Task Cancelled_after_its_hand_over_it_is_unknown_with_the_cancellation_inside_and_still_arrives()
    {
        await using OwnBroker own = await OwnBroker.StartAsync();
        own.Broker.SetRoundTripTime(TimeSpan.FromSeconds(5));
        using var cancellation = new CancellationTokenSource();

        Task<PutResult> put = own.Cache.PutAsync("k", "v", PutWait.Applied, cancellation.Token);
        await cancellation.CancelAsync();

        PutException ended = await Assert.ThrowsAsync<PutException>(() => put);
        Assert.Equal((PutOutcome.Unknown, null), (ended.Outcome, ended.Result));
        Assert.IsAssignableFrom<OperationCanceledException>(ended.InnerException);
        own.Broker.SetRoundTripTime(TimeSpan.Zero);
        await Eventually.TrueAsync(() => own.Cache.Get("k") == "v");
    }

    [Fact]
    public async Task Cancelled_while_it_waits_for_its_apply_it_is_committed_with_its_result()
    {
        using var held = new HeldApply();
        await using OwnBroker own = await OwnBroker.StartAsync(held.Hold);
        held.Close();
        using var cancellation = new CancellationTokenSource();

        Task<PutResult> put = own.Cache.PutAsync("k", "v", PutWait.Applied, cancellation.Token);
        await Eventually.TrueAsync(async () => await own.Kafka.EndOffsetAsync(own.Topic, 0) == 2, "the record is in the log");
        await own.Cache.PutAsync("acknowledged", "after it"); // Puts are acknowledged in order.
        await cancellation.CancelAsync();

        PutException ended = await Assert.ThrowsAsync<PutException>(() => put);
        Assert.Equal(PutOutcome.Committed, ended.Outcome);
        Assert.IsAssignableFrom<OperationCanceledException>(ended.InnerException);
        await own.AssertLogAgreesAsync("k", PutOutcome.Committed, ended.Result);
        held.Open();
        await own.Cache.WaitUntilAppliedAsync(ended.Result!.Value.Position);
        Assert.Equal("v", own.Cache.Get("k"));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Apply_that_takes_longer_than_its_time_out_leaves_it_committed_with_its_result(bool synchronous)
    {
        using var held = new HeldApply();
        await using OwnBroker own = await OwnBroker.StartAsync(options =>
        {
            held.Hold(options);
            options.ApplyTimeout = TimeSpan.FromMilliseconds(300);
        });
        held.Close();

        PutException ended = await Assert.ThrowsAsync<PutException>(
            () => synchronous ? Task.Run(() => own.Cache.Put("k", "v", PutWait.Applied)) : own.Cache.PutAsync("k", "v", PutWait.Applied));

        Assert.Equal(PutOutcome.Committed, ended.Outcome);
        Assert.Contains("ApplyTimeout", Assert.IsType<TimeoutException>(ended.InnerException).Message, StringComparison.Ordinal);
        await own.AssertLogAgreesAsync("k", PutOutcome.Committed, ended.Result);
        held.Open();
        await Eventually.TrueAsync(() => own.Cache.Get("k") == "v");
    }

    [Fact]
    public async Task Cache_that_faults_on_the_record_itself_leaves_the_put_committed()
    {
        await using OwnBroker own = await OwnBroker.StartAsync(
            static options => options.ValidateRecord = static (in CacheRecord record) => record.Offset < 5);

        IReadOnlyList<PutAttempt> attempts = await own.Cache.PutManyAsync(
            Enumerable.Range(1, 8).Select(static i => new KeyValuePair<string, string>($"k{i}", "v")), PutWait.Applied);

        // Earlier records may be in the same batch, and then they don't count as applied either.
        Assert.All(attempts.Take(4), static attempt => Assert.Equal(PutOutcome.Committed, attempt.Error?.Outcome ?? PutOutcome.Committed));
        Assert.All(attempts.Skip(4), static attempt =>
        {
            Assert.Equal(PutOutcome.Committed, attempt.Error!.Outcome);
            Assert.Equal(attempt.Result, attempt.Error.Result);
            Assert.IsType<CacheFaultedException>(attempt.Error.InnerException);
        });
        Assert.Equal(Enumerable.Range(1, 8).Select(static i => (long)i), attempts.Select(static attempt => attempt.Result!.Value.Offset));
        Assert.Equal(9, (await own.Cache.PutAsync("a faulted cache still writes", "v")).Offset);
    }
}
