using KafkaCaching.Replay;
using KafkaCaching.Replay.Applying;
using KafkaCaching.Replay.Progress;
using KafkaCaching.Replay.Sources;
using KafkaCaching.Store;
using KafkaCaching.Tests.Diagnostics;
using KafkaCaching.Tests.Replay.Applying;
using KafkaCaching.Tests.Store;
using Microsoft.Extensions.Logging.Abstractions;

namespace KafkaCaching.Tests.Replay;

public sealed class ReplayLoopTests : IReplayObserver
{
    private readonly FakeTimeProvider _time = new();
    private readonly long _started;
    private readonly Positions _positions = new([new PartitionProgress(0, 0, 1_000, 1_000)]);
    private readonly List<(TimeSpan At, long Position, long Records)> _seen = [];
    private int _taken;

    public ReplayLoopTests() => _started = _time.GetTimestamp();

    // Waiters for a position, and readers of the lag, see progress while a slow resolver is still working on a batch.
    [Fact]
    public void Positions_move_every_quarter_of_a_second_within_a_batch()
    {
        var batch = new RecordBatch(1_000);
        for (var i = 0; i < 1_000; i++)
            batch.Add(Records.Of($"k{i}", "v", i));
        using var store = new DictionaryStateStore();
        using var end = new CancellationTokenSource();
        using var source = new ScriptedSource(batch, end);
        var recordErrors = new RecordErrorSettlement("t", RecordErrorPolicy.Fail, NullLogger.Instance, _time);
        using var sourceErrors = new SourceErrorSettlement("t", NullLogger.Instance, _time);
        new ReplayLoop(
            source, new SlowApplier(store, _time), TracedApplies.Of("t", NullLogger.Instance), recordErrors, sourceErrors, _positions, this,
            _time).Run(end.Token);

        Assert.Equal(1_000, _taken);
        Assert.Equal((TimeSpan.FromSeconds(30), 1_000L, 1_000L), _seen[^1]);
        for (var i = 1; i < _seen.Count; i++)
        {
            Assert.InRange(_seen[i].At - _seen[i - 1].At, TimeSpan.Zero, TimeSpan.FromMilliseconds(250));
            Assert.Equal(_seen[i].Position, _seen[i].Records);
            Assert.InRange(_seen[i].Position, (long)(_seen[i].At / SlowApplier.Took), 1_000);
        }
    }

    void IReplayObserver.Taken(RecordBatch batch) => _taken += batch.Records.Length;

    void IReplayObserver.AmidBatch() => See();

    ReplayEnd? IReplayObserver.AfterBatch()
    {
        See();
        return null;
    }

    private void See() => _seen.Add((_time.GetElapsedTime(_started), _positions[0].Position, _positions.RecordsApplied));

    private sealed class SlowApplier(IStateStore store, FakeTimeProvider time) : RecordApplier(store)
    {
        public static readonly TimeSpan Took = TimeSpan.FromMilliseconds(30);

        public override void Apply(in SourceRecord record) => time.Advance(Took);
    }
}
