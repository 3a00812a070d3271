using KafkaCaching.Generations.Watch;
using KafkaCaching.Replay;
using KafkaCaching.Replay.Progress;
using KafkaCaching.Replay.Sources;
using KafkaCaching.Tests.Replay;
using KafkaCaching.Topics;

namespace KafkaCaching.Tests.Generations.Watch;

public sealed class StalledConsumerTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly FakeTimeProvider _time = new();
    private readonly Positions _positions = new([new PartitionProgress(0, 0, 0, 0), new PartitionProgress(1, 0, 0, 0)]);
    private readonly StalledConsumer _watch;

    public StalledConsumerTests() => _watch = new StalledConsumer(Patience, _time);

    [Fact]
    public void One_that_is_at_the_last_stable_offset_is_not_stalled_however_long_it_does_not_move()
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
    public void One_that_is_behind_and_does_not_move_is_stalled_at_the_second_look_and_replaced_later()
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

    // A client may read one partition after the other.
    [Fact]
    public void One_that_waits_for_its_turn_is_not_stalled_while_another_that_is_behind_moves()
    {
        for (var position = 0; position < 100; position++)
        {
            PassTo(0, position);
            Assert.False(LookAfter(Patience, stable: 200, high: 200));
            Assert.False(_watch.IsStalled);
        }
    }

    [Fact]
    public void One_that_does_not_move_is_stalled_although_another_moves_at_its_end()
    {
        Assert.False(_watch.Look(_positions, [new LogEnd(5, 5), new LogEnd(1, 1)]));
        for (var head = 2; head < 12; head++)
        {
            PassTo(1, head - 1);
            _time.Advance(Patience / 10);
            var isDue = _watch.Look(_positions, [new LogEnd(5, 5), new LogEnd(head, head)]);
            Assert.True(_watch.IsStalled);
            Assert.Equal(head == 11, isDue);
        }
    }

    [Fact]
    public void A_replay_that_is_slower_than_its_source_is_not_stalled()
    {
        var deliveries = new Deliveries(_time);
        var full = FullBatch();
        deliveries.Took(full);
        for (var applied = 0; applied < 1_000; applied += 10)
        {
            Apply(10);
            _time.Advance(Patience);
            Assert.False(_watch.Look(_positions, [new LogEnd(5_000, 5_000), new LogEnd(5_000, 5_000)], deliveries));
            Assert.False(_watch.IsStalled);
            Assert.Equal(TimeSpan.Zero, _watch.HeldFor);
        }
    }

    [Fact]
    public void A_record_that_is_never_applied_stalls_the_replay_and_is_no_consumers_fault()
    {
        var deliveries = new Deliveries(_time);
        LogEnd[] ends = [new(5_000, 5_000), new(5_000, 5_000)];
        Assert.False(_watch.Look(_positions, ends, deliveries));
        deliveries.Took(FullBatch());
        _time.Advance(Patience);
        Assert.False(_watch.Look(_positions, ends, deliveries));
        for (var look = 1; look < 20; look++)
        {
            _time.Advance(Patience);
            Assert.False(_watch.Look(_positions, ends, deliveries));
            Assert.True(_watch.IsStalled);
            Assert.Equal(look * Patience, _watch.HeldFor);
        }
    }

    [Fact]
    public void A_record_that_was_read_again_only_for_its_epoch_does_not_hold_the_replay()
    {
        var last = Records.Of("last", "v", 9);
        var resumed = new Positions(
            [PartitionProgress.Resumed(0, new(0, 10, 10), resumeAt: 10, leaderEpoch: 4, timestampMs: 0)]);
        var batch = new RecordBatch(1);
        batch.Add(last);
        var deliveries = new Deliveries(_time);
        deliveries.Took(batch);
        Assert.True(resumed.PassRepeated(last));
        resumed.Publish();

        for (var look = 0; look < 3; look++)
        {
            Assert.False(_watch.Look(resumed, [new LogEnd(10, 10)], deliveries));
            Assert.Equal(TimeSpan.Zero, _watch.HeldFor);
            _time.Advance(Patience);
        }
    }

    private static RecordBatch FullBatch()
    {
        var batch = new RecordBatch(1_000);
        for (var i = 0; i < 1_000; i++)
            batch.Add(Records.Of("k", "v", i));
        return batch;
    }

    private void Apply(int records)
    {
        for (var i = 0; i < records; i++)
            _positions.PassRecord(Records.Of("k", "v", _positions[0].Position + i));
        _positions.Publish();
    }

    private bool LookAfter(TimeSpan pause, long stable, long high)
    {
        _time.Advance(pause);
        return _watch.Look(_positions, [new LogEnd(stable, high), new LogEnd(stable, high)]);
    }

    private void PassTo(int partition, long next)
    {
        _positions[partition].PassTo(next);
        _positions.Publish();
    }
}
