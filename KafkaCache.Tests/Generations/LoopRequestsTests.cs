using KafkaCaching.Generations;
using KafkaCaching.Replay;
using KafkaCaching.Replay.Applying;
using KafkaCaching.Replay.Progress;
using KafkaCaching.Store;
using KafkaCaching.Store.Faster;
using KafkaCaching.Topics;
using KafkaCaching.Waiting;
using Microsoft.Extensions.Logging.Abstractions;

namespace KafkaCaching.Tests.Generations;

public sealed class LoopRequestsTests : IDisposable
{
    private readonly FakeTimeProvider _time = new();
    private readonly FasterStateStore _store = new(new StoreSettings(1 << 20, null, 10, "users"));
    private readonly Positions _positions = new([new PartitionProgress(0, logStart: 0, target: 10, lastStableOffset: 10)]);
    private readonly LoopRequests _requests;

    public LoopRequestsTests()
    {
        var settings = new SupervisorSettings("users", "users", TimeSpan.FromSeconds(30), _time);
        var generation = new Generation(
            1, new TopicShape("", 1), _store, instances: null, new ByteApplier(_store), _positions, new Moment(_time));
        _requests = new LoopRequests(generation, settings, NullLogger.Instance);
    }

    public void Dispose() => _store.Dispose();

    [Fact]
    public void A_changed_log_is_reported_whatever_else_the_watch_requests_before_the_loop_takes_it()
    {
        _requests.LogChanged();
        _requests.SourceStalled();
        _requests.PartitionsAdded([PartitionProgress.Of(1, default)]);
        _requests.TombstonesMissed();
        Assert.Equal(ReplayEnd.LogChanged, _requests.Take());
        Assert.Null(_requests.Take());
    }

    [Fact]
    public void Missed_tombstones_are_reported_before_another_consumer_is_opened()
    {
        _requests.TombstonesMissed();
        _requests.SourceStalled();
        _requests.PartitionsAdded([PartitionProgress.Of(1, default)]);
        Assert.Equal(ReplayEnd.TombstonesMissed, _requests.Take());
    }

    [Fact]
    public void Partitions_join_though_the_consumer_has_fallen_silent_too()
    {
        _requests.PartitionsAdded([PartitionProgress.Of(1, default)]);
        _requests.SourceStalled();
        Assert.Equal(ReplayEnd.PartitionsAdded, _requests.Take());
        Assert.Equal(2, _positions.Count);
    }

    [Fact]
    public void Of_the_partitions_that_were_added_the_last_answer_joins()
    {
        _requests.PartitionsAdded([PartitionProgress.Of(1, default)]);
        _requests.PartitionsAdded([PartitionProgress.Of(1, default), PartitionProgress.Of(2, default)]);
        Assert.Equal(ReplayEnd.PartitionsAdded, _requests.Take());
        Assert.Equal(3, _positions.Count);
    }
}
