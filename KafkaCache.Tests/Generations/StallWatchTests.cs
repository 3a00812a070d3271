using KafkaCaching.Generations;
using KafkaCaching.Replay;
using KafkaCaching.Topics;

namespace KafkaCaching.Tests.Generations;

public sealed class StallWatchTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly FakeTimeProvider _time = new();
    private readonly Positions _positions = new([new PartitionProgress(0, 0, 0, 0), new PartitionProgress(1, 0, 0, 0)]);
    private readonly StallWatch _watch;

    public StallWatchTests() => _watch = new StallWatch(Patience, _time);

    [Fact]
    public void One_that_is_at_the_last_stable_offset_is_not_stalled_however_long_it_stands()
    {
        Assert.False(LookAfter(TimeSpan.Zero, stable: 0, high: 9));
        Assert.False(LookAfter(TimeSpan.FromDays(1), stable: 0, high: 9));
        Assert.False(_watch.IsStalled);
    }

    [Fact]
    public void One_that_is_behind_and_moves_is_not_stalled()
    {
        for (var position = 0; position < 20; position++)
        {
            PassTo(0, position);
            PassTo(1, position);
            Assert.False(LookAfter(Patience, stable: 100, high: 100));
            Assert.False(_watch.IsStalled);
        }
    }

    [Fact]
    public void One_that_is_behind_and_stands_is_stalled_at_the_second_look_and_out_of_patience_later()
    {
        Assert.False(LookAfter(TimeSpan.Zero, stable: 5, high: 5));
        Assert.False(_watch.IsStalled);
        Assert.False(LookAfter(Patience / 2, stable: 5, high: 5));
        Assert.True(_watch.IsStalled);
        Assert.True(LookAfter(Patience / 2, stable: 5, high: 5));

        PassTo(0, 5);
        PassTo(1, 5);
        Assert.False(LookAfter(Patience, stable: 5, high: 5));
        Assert.False(_watch.IsStalled);
    }

    [Fact]
    public void Another_consumer_has_twice_the_time_of_the_one_before_it_until_records_come()
    {
        Assert.False(LookAfter(TimeSpan.Zero, stable: 5, high: 5));
        Assert.True(LookAfter(Patience, stable: 5, high: 5));
        _watch.Asked();
        Assert.False(LookAfter(TimeSpan.Zero, stable: 5, high: 5));
        Assert.True(_watch.IsStalled);
        Assert.False(LookAfter(Patience, stable: 5, high: 5));
        Assert.True(LookAfter(Patience, stable: 5, high: 5));
        _watch.Asked();

        PassTo(0, 5);
        PassTo(1, 5);
        Assert.False(LookAfter(TimeSpan.Zero, stable: 5, high: 5));
        Assert.False(LookAfter(TimeSpan.Zero, stable: 6, high: 6));
        Assert.True(LookAfter(Patience, stable: 6, high: 6));
    }

    private bool LookAfter(TimeSpan pause, long stable, long high)
    {
        _time.Advance(pause);
        return _watch.Look(_positions, [new LogHead(stable, high), new LogHead(stable, high)]);
    }

    private void PassTo(int partition, long next)
    {
        _positions[partition].PassTo(next);
        _positions.Publish();
    }
}
