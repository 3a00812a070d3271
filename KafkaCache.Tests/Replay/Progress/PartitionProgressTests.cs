using KafkaCaching.Replay;
using KafkaCaching.Replay.Progress;
using KafkaCaching.Replay.Sources;

namespace KafkaCaching.Tests.Replay.Progress;

public sealed class PartitionProgressTests
{
    [Fact]
    public void What_is_passed_shows_only_once_published()
    {
        var progress = new PartitionProgress(2, logStart: 5, target: 9, lastStableOffset: 9);
        progress.PassTo(7);
        Assert.Equal(5, progress.Position);
        progress.Publish();
        Assert.Equal(7, progress.Position);
        Assert.False(progress.HasReachedTarget);
        progress.PassTo(9);
        progress.Publish();
        Assert.True(progress.HasReachedTarget);
    }

    [Fact]
    public void A_position_never_goes_back()
    {
        var progress = new PartitionProgress(0, logStart: 0, target: 9, lastStableOffset: 9);
        progress.PassTo(8);
        progress.PassTo(3);
        progress.Publish();
        Assert.Equal(8, progress.Position);
    }

    [Fact]
    public void The_leader_epoch_is_that_of_the_record_before_the_position()
    {
        var progress = new PartitionProgress(0, logStart: 0, target: 9, lastStableOffset: 9);
        Assert.Null(progress.LeaderEpoch);
        progress.PassTo(4);
        progress.SawLeaderEpoch(offset: 3, leaderEpoch: 7);
        progress.Publish();
        Assert.Equal(7, progress.LeaderEpoch);

        // The offset of a transaction marker, whose leader epoch is not known.
        progress.PassTo(5);
        progress.Publish();
        Assert.Null(progress.LeaderEpoch);
    }

    [Fact]
    public void Partition_resumed_at_its_end_is_not_there_before_the_last_record_has_come_again_with_its_epoch()
    {
        var progress = PartitionProgress.Resumed(0, new(0, 10, 10), resumeAt: 10, leaderEpoch: 4, timestampMs: 7);
        Assert.Equal((9, 4, 10, false), (progress.Position, progress.LeaderEpoch, progress.Start, progress.HasReachedTarget));

        Assert.False(progress.Contradicts(new PartitionEpoch(0, Offset: 9, LeaderEpoch: 4)));
        progress.PassRecord(9, 7);
        progress.Publish();
        Assert.Equal((true, false), (progress.HasReachedTarget, progress.IsContradicted));
    }

    [Theory]
    [InlineData(3)]
    [InlineData(5)]
    public void Partition_resumed_at_its_end_is_contradicted_by_another_epoch(int epoch)
    {
        var progress = PartitionProgress.Resumed(0, new(0, 10, 10), resumeAt: 10, leaderEpoch: 4, timestampMs: 7);
        Assert.True(progress.Contradicts(new PartitionEpoch(0, Offset: 9, epoch)));
        progress.PassTo(10);
        progress.Publish();
        Assert.False(progress.HasReachedTarget);
    }

    [Fact]
    public void Partition_resumed_at_its_end_is_contradicted_when_the_last_record_is_passed_and_does_not_come()
    {
        var progress = PartitionProgress.Resumed(0, new(0, 10, 10), resumeAt: 10, leaderEpoch: 4, timestampMs: 7);
        progress.PassTo(9);
        Assert.False(progress.IsContradicted);
        progress.PassTo(10);
        progress.Publish();
        Assert.Equal((true, false), (progress.IsContradicted, progress.HasReachedTarget));
    }

    [Fact]
    public void Partition_resumed_before_its_end_is_checked_by_the_client()
    {
        var progress = PartitionProgress.Resumed(0, new(0, 12, 12), resumeAt: 10, leaderEpoch: 4, timestampMs: 7);
        Assert.Equal((10, 4, false, false), (progress.Position, progress.LeaderEpoch, progress.IsAwaited, progress.HasReachedTarget));
    }

    [Fact]
    public void A_partition_whose_log_start_is_its_end_is_there_from_the_start() =>
        Assert.True(new PartitionProgress(0, logStart: 42, target: 42, lastStableOffset: 42).HasReachedTarget);

    [Fact]
    public void Watermarks_never_go_back_and_never_lie_below_the_position()
    {
        var progress = new PartitionProgress(0, logStart: 0, target: 5, lastStableOffset: 3);
        Assert.Equal((3, 5), (progress.LastStableOffset, progress.HighWatermark));
        progress.SawHighWatermark(-1);
        progress.SawLastStableOffset(1);
        Assert.Equal((3, 5), (progress.LastStableOffset, progress.HighWatermark));
        progress.SawHighWatermark(8);
        progress.SawLastStableOffset(6);
        Assert.Equal((6, 8), (progress.LastStableOffset, progress.HighWatermark));
        progress.PassTo(10);
        progress.Publish();
        Assert.Equal((10, 10), (progress.LastStableOffset, progress.HighWatermark));
    }

    [Fact]
    public void Progress_counts_offsets_over_all_partitions_up_to_their_targets()
    {
        PartitionProgress[] partitions = [new(0, 10, 20, 20), new(1, 0, 30, 30), new(2, 7, 7, 7)];
        var positions = new Positions(partitions);
        Assert.Equal((40, 0), positions.Replayed);
        Assert.Equal(0, positions.Progress);

        partitions[0].PassTo(25);
        partitions[1].PassTo(10);
        positions.Publish();
        Assert.Equal((40, 20), positions.Replayed);
        Assert.Equal(0.5, positions.Progress);
        Assert.False(positions.HaveReachedTargets);

        partitions[1].PassTo(30);
        positions.Publish();
        Assert.Equal(1, positions.Progress);
        Assert.True(positions.HaveReachedTargets);
    }

    // The two offsets come from two requests, and records may be written and deleted in between.
    [Fact]
    public void A_log_start_past_the_high_watermark_listed_before_it_is_the_target()
    {
        var positions = new Positions(
            [new PartitionProgress(0, logStart: 15, target: 10, lastStableOffset: 10), new PartitionProgress(1, 0, 100, 100)]);
        Assert.Equal((100, 0), positions.Replayed);
        Assert.Equal(0, positions.Progress);
    }

    [Fact]
    public void Nothing_to_replay_is_all_done() => Assert.Equal(1, new Positions([new PartitionProgress(0, 3, 3, 3)]).Progress);

    [Fact]
    public async Task Who_sees_a_position_finds_the_records_below_it_counted()
    {
        const int Records = 200_000;
        var positions = new Positions([new PartitionProgress(0, 0, Records, Records)]);
        var seen = Task.Run(() =>
        {
            long position;
            do
            {
                position = positions[0].Position;
                Assert.InRange(positions.RecordsApplied, position, Records);
            }
            while (position < Records);
        }, TestContext.Current.CancellationToken);

        for (var offset = 0; offset < Records; offset++)
        {
            positions.PassRecord(new SourceRecord(0, offset, timestampMs: 0, key: null, value: null, headers: null));
            positions.Publish();
        }

        await seen.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
    }
}
