using KafkaCaching.Generations;
using KafkaCaching.Generations.Watch;
using KafkaCaching.Replay;
using KafkaCaching.Replay.Progress;
using KafkaCaching.Topics;
using KafkaCaching.Waiting;

namespace KafkaCaching.Tests.Generations.Watch;

public sealed class MissedTombstonesTests
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    private readonly FakeTimeProvider _time = new();
    private readonly Positions _positions = new([new PartitionProgress(0, 0, 100, 100)]);
    private readonly MissedTombstones _watch;

    public MissedTombstonesTests() => _watch = new MissedTombstones(new Moment(_time), _time);

    [Fact]
    public void A_replay_is_behind_from_its_beginning_until_its_targets_are_reached()
    {
        PassTo(99);
        Assert.Equal(TimeSpan.FromHours(1), LookAfter(TimeSpan.FromHours(1), head: 500));
        PassTo(100);
        // The cache read the last record within this hour, so it was behind for both hours.
        Assert.Equal(TimeSpan.FromHours(2), LookAfter(TimeSpan.FromHours(1), head: 500));
        PassTo(500);
        Assert.Equal(TimeSpan.FromHours(1), LookAfter(TimeSpan.FromHours(1), head: 500));
    }

    [Fact]
    public void One_that_keeps_up_is_never_behind_for_longer_than_two_looks_are_apart()
    {
        for (var head = 100; head < 5_000; head += 100)
        {
            PassTo(head);
            Assert.True(LookAfter(Interval, head + 50) <= 2 * Interval);
        }
    }

    [Fact]
    public void One_that_nobody_could_look_at_for_a_day_was_behind_for_a_day_though_it_has_caught_up_by_then()
    {
        PassTo(100);
        LookAfter(Interval, head: 100);
        PassTo(900);
        Assert.True(LookAfter(TimeSpan.FromDays(1), head: 900) >= TimeSpan.FromDays(1));
        Assert.Equal(TimeSpan.FromDays(1) + Interval, LookAfter(Interval, head: 900) + TimeSpan.FromDays(1));
    }

    [Fact]
    public void A_partition_that_was_added_later_is_behind_since_the_look_before_it_came()
    {
        PassTo(100);
        LookAfter(TimeSpan.FromDays(3), head: 100);
        LookAfter(Interval, head: 100);
        LookAfter(Interval, head: 100);
        _positions.Add([new PartitionProgress(1, 0, 50, 50)]);
        Assert.True(LookAfter(Interval, head: 100) <= 2 * Interval);
    }

    // The first records of the new partition may be older than the check that found it.
    [Fact]
    public void A_partition_that_a_look_finds_is_behind_since_the_look_that_did_not_until_its_target_is_reached()
    {
        PassTo(100);
        LookAfter(Interval, head: 100);
        LookAfter(Interval, head: 100, hasAll: false);
        _positions.Add([new PartitionProgress(1, 0, 50, 50)]);
        Assert.Equal(2 * Interval, LookAfter(Interval, head: 100));
    }

    private TimeSpan LookAfter(TimeSpan pause, long head, bool hasAll = true)
    {
        _time.Advance(pause);
        return _watch.LongestBehind(
            _positions, [.. Enumerable.Repeat(new LogEnd(head, head), _positions.Count)], new Moment(_time), hasAll);
    }

    private void PassTo(long next)
    {
        _positions[0].PassTo(next);
        _positions.Publish();
    }
}
