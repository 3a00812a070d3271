using KafkaCaching.Changes;
using KafkaCaching.Generations;
using KafkaCaching.Replay;
using KafkaCaching.Replay.Applying;
using KafkaCaching.Replay.Progress;
using KafkaCaching.Replay.Sources;
using KafkaCaching.Store;
using KafkaCaching.Tests.Store;
using KafkaCaching.Topics;
using KafkaCaching.Waiting;
using Microsoft.Extensions.Logging.Abstractions;

namespace KafkaCaching.Tests.Generations;

public sealed class StatusReportTests : IDisposable
{
    private readonly FakeTimeProvider _time = new();
    private readonly CacheState _state = new("c", default);
    private readonly DictionaryStateStore _store = new();
    private readonly RecordErrorSettlement _errors;

    public StatusReportTests() => _errors = new RecordErrorSettlement("t", RecordErrorPolicy.Skip, NullLogger.Instance, _time);

    public void Dispose() => _store.Dispose();

    [Fact]
    public void A_replay_that_hardly_moves_has_no_estimate_rather_than_one_past_all_times()
    {
        var positions = new Positions([new PartitionProgress(0, 0, 10_000_000_000, 10_000_000_000)]);
        Build(positions);
        positions[0].PassTo(1);
        positions.Publish();
        _time.Advance(TimeSpan.FromMinutes(5));

        var status = Snapshot();
        Assert.Null(status.EstimatedTimeToReady);
        Assert.Equal((CachePhase.Replaying, RecordSourceKind.None), (status.Phase, status.Source));
    }

    [Fact]
    public void A_partition_is_late_by_the_age_of_its_last_record_or_of_the_replay_and_not_at_all_without_lag()
    {
        var positions = new Positions([.. Enumerable.Range(0, 3).Select(static partition => new PartitionProgress(partition, 0, 2, 2))]);
        Build(positions);
        var written = _time.GetUtcNow() - TimeSpan.FromHours(1);
        positions.PassRecord(Record(partition: 1, offset: 0, written));
        positions.PassRecord(Record(partition: 2, offset: 0, written));
        positions.PassRecord(Record(partition: 2, offset: 1, written));
        positions.Publish();
        _time.Advance(TimeSpan.FromSeconds(5));

        var partitions = Snapshot().Partitions;
        Assert.Equal(
            [TimeSpan.FromSeconds(5), TimeSpan.FromHours(1) + TimeSpan.FromSeconds(5), TimeSpan.Zero],
            partitions.Select(static partition => partition.LagDuration));
        Assert.Equal([null, written, written], partitions.Select(static partition => partition.LastAppliedTimestamp));
    }

    [Fact]
    public void A_record_from_the_future_makes_no_one_early()
    {
        var positions = new Positions([new PartitionProgress(0, 0, 2, 2)]);
        Build(positions);
        positions.PassRecord(Record(partition: 0, offset: 0, _time.GetUtcNow() + TimeSpan.FromHours(1)));
        positions.Publish();

        Assert.Equal(TimeSpan.Zero, Snapshot().Partitions[0].LagDuration);
    }

    [Fact]
    public void The_latest_twenty_record_errors_are_listed_newest_first()
    {
        Build(new Positions([new PartitionProgress(0, 0, 2, 2)]));
        Assert.Empty(Snapshot().RecentRecordErrors);
        for (var offset = 0; offset < 45; offset++)
            _errors.Settle(
                Record(partition: 0, offset, _time.GetUtcNow()), new RecordErrorException("", 0, offset, RecordErrorReason.MissingKey),
                applier: null!);

        var recent = Snapshot().RecentRecordErrors;
        Assert.Equal(Enumerable.Range(25, 20).Reverse().Select(static offset => (long)offset), recent.Select(static error => error.Offset));
        Assert.All(
            recent,
            error => Assert.Equal((0, RecordErrorReason.MissingKey, _time.GetUtcNow()), (error.Partition, error.Reason, error.SeenAt)));
    }

    [Fact]
    public void A_snapshot_from_before_the_clock_was_set_back_is_not_younger_than_new()
    {
        var written = _time.GetUtcNow() + TimeSpan.FromHours(1);
        Assert.Equal(TimeSpan.Zero, Snapshot(new SnapshotStatus { Written = written }).Snapshot!.Age);
        _time.Advance(TimeSpan.FromHours(3));
        Assert.Equal(TimeSpan.FromHours(2), Snapshot(new SnapshotStatus { Written = written }).Snapshot!.Age);
        Assert.Null(Snapshot(new SnapshotStatus()).Snapshot!.Age);
    }

    private static SourceRecord Record(int partition, long offset, DateTimeOffset timestamp) =>
        new(partition, offset, timestamp.ToUnixTimeMilliseconds(), key: [1], value: [2], headers: null);

    private void Build(Positions positions) =>
        _state.Build(
            new Generation(1, new TopicShape("", 1), _store, instances: null, new ByteApplier(_store), positions, new Moment(_time)));

    private CacheStatus Snapshot(SnapshotStatus? snapshot = null) =>
        new StatusReport(
            _state, new ChangeFeed("t"), _errors, new RemovalCounts(), static () => default, static () => true, static () => TimeSpan.Zero,
            () => (null, snapshot), 1 << 30, "t", "localhost:1", static () => null, _time).Snapshot();
}
