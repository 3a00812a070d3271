using KafkaCaching.Tests.Brokers;

namespace KafkaCaching.Tests.Puts;

/// <summary>The topic is made again under a cache, which can't know it yet: its position lies far beyond the new log, and would take any
/// wait for done.</summary>
public sealed class ReplacedTopicTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Put_that_waits_for_its_apply_is_committed_and_told_that_the_log_has_changed(bool synchronous)
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
}
