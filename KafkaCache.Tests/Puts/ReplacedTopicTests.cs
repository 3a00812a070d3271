using KafkaCaching.Tests.Brokers;

namespace KafkaCaching.Tests.Puts;

/// <summary>The topic is recreated, and the cache has not noticed this yet. Its position is far above the end of the new log, so every wait
/// for a new position would seem to be fulfilled.</summary>
public sealed class ReplacedTopicTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Put_that_waits_for_its_apply_is_committed_and_learns_that_the_log_has_changed(bool synchronous)
    {
        await using var own = await OwnBroker.StartAsync();
        for (var i = 0; i < 100; i++)
            await own.Cache.PutAsync($"old{i}", "v", PutWait.Applied);

        own.Broker.DeleteTopic(own.Topic);
        own.Broker.CreateTopic(own.Topic, own.Partitions);

        var told = synchronous
            ? Assert.Throws<PutException>(() => own.Cache.Put("new", "1", PutWait.Applied))
            : await Assert.ThrowsAsync<PutException>(() => own.Cache.PutAsync("new", "1", PutWait.Applied));
        Assert.Equal(PutOutcome.Committed, told.Outcome);
        Assert.IsType<TopicChangedException>(told.InnerException);
        await own.AssertLogAgreesAsync("new", told.Outcome, told.Result);

        await Eventually.TrueAsync(() => own.Cache.Status.Phase == CachePhase.Ready && own.Cache.Get("new") == "1");
        Assert.Null(own.Cache.Get("old1"));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Put_into_a_replaced_topic_that_is_being_replayed_is_applied_once_that_replay_serves(bool synchronous)
    {
        using var oldReplay = new HeldReplay("held"u8.ToArray());
        using var newReplay = new ManualResetEventSlim();
        OwnBroker? started = null;

        // The phase identifies records of the new generation. The old consumer may also get records of the new topic, which must not be
        // blocked.
        await using var own = await OwnBroker.StartAsync(options => options.ValidateRecord = (in CacheRecord record) =>
            oldReplay.Validate(record)
            && (Volatile.Read(ref started)?.Cache.Status.Phase != CachePhase.Rebuilding || newReplay.Wait(TimeSpan.FromMinutes(1))));
        Volatile.Write(ref started, own);
        for (var i = 0; i < 100; i++)
            await own.Cache.PutAsync($"old{i}", "v", PutWait.Applied);
        await own.Cache.PutAsync("held", "v");
        oldReplay.WaitUntilHeld();
        own.Broker.DeleteTopic(own.Topic);
        own.Broker.CreateTopic(own.Topic, own.Partitions);
        await own.Kafka.ProduceAsync(own.Topic, "first", "1");
        oldReplay.LetGo();
        await Eventually.TrueAsync(() => own.Cache.Status.Phase == CachePhase.Rebuilding);

        var put = synchronous
            ? Task.Run(() => own.Cache.Put("new", "1", PutWait.Applied))
            : own.Cache.PutAsync("new", "1", PutWait.Applied);
        await Eventually.TrueAsync(async () => await own.Kafka.EndOffsetAsync(own.Topic, 0) == 2, "the put is in the log");
        newReplay.Set();

        Assert.Equal(new CachePosition(0, 1), (await put).Position);
        Assert.Equal("1", own.Cache.Get("new"));
        Assert.Null(own.Cache.Get("old1"));
    }
}
