using KafkaCaching.Replay;
using KafkaCaching.Replay.Applying;
using KafkaCaching.Replay.Progress;
using KafkaCaching.Replay.Sources;
using KafkaCaching.Tests.Replay.Applying;
using KafkaCaching.Tests.Store;
using Microsoft.Extensions.Logging.Abstractions;

namespace KafkaCaching.Tests.Replay;

/// <summary>A resumed replay must end before it applies a record that shows that the log is a different one.</summary>
public sealed class ContradictedReplayTests : IReplayObserver
{
    private readonly Positions _positions = new(
        [PartitionProgress.Resumed(0, new(0, 10, 10), resumeAt: 10, leaderEpoch: 4, timestampMs: 0), new PartitionProgress(1, 0, 5, 5)]);

    private bool _wasReady;

    [Theory]
    [InlineData(4, null)]
    [InlineData(5, ReplayEnd.LogChanged)]
    public void Last_record_of_another_epoch_ends_it(int epoch, object? expected)
    {
        var batch = new RecordBatch(10);
        batch.Add(Records.Of("other", "v", 4, partition: 1));
        batch.Add(Records.Of("last", "v", 9));
        batch.AddEpoch(1, 4, 0);
        batch.AddEpoch(0, 9, epoch);
        Assert.Equal((expected ?? ReplayEnd.Stopped, expected is null), (Replay(batch), _wasReady));
    }

    [Fact]
    public void End_without_the_last_record_ends_it()
    {
        var batch = new RecordBatch(10);
        batch.AddEnd(1, 5);
        batch.AddEnd(0, 10);
        Assert.Equal((ReplayEnd.LogChanged, false), (Replay(batch), _wasReady));
    }

    void IReplayObserver.Taken(RecordBatch batch)
    {
    }

    void IReplayObserver.Applying()
    {
    }

    void IReplayObserver.Applied()
    {
    }

    void IReplayObserver.AmidBatch() => _wasReady |= _positions.HaveReachedTargets;

    ReplayEnd? IReplayObserver.AfterBatch()
    {
        _wasReady |= _positions.HaveReachedTargets;
        return null;
    }

    private ReplayEnd Replay(RecordBatch batch)
    {
        using var store = new DictionaryStateStore();
        using var end = new CancellationTokenSource();
        using var source = new ScriptedSource(batch, end);
        var recordErrors = new RecordErrorSettlement("t", RecordErrorPolicy.Fail, NullLogger.Instance, TimeProvider.System);
        using var sourceErrors = new SourceErrorSettlement("t", NullLogger.Instance, TimeProvider.System);
        return new ReplayLoop(
            source, new ByteApplier(store), TracedApplies.Of("t", NullLogger.Instance), recordErrors, sourceErrors, _positions, this)
            .Run(end.Token);
    }
}
