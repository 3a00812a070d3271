using KafkaCaching.Generations;
using KafkaCaching.Replay;
using KafkaCaching.Tests.Diagnostics;
using KafkaCaching.Tests.Store;
using KafkaCaching.Topics;
using Microsoft.Extensions.Logging.Abstractions;

namespace KafkaCaching.Tests.Generations;

public sealed class StatusReportTests
{
    [Fact]
    public void A_replay_that_hardly_moves_has_no_estimate_rather_than_one_past_all_times()
    {
        var time = new ManualTimeProvider();
        var state = new CacheState("c", default);
        var positions = new Positions([new PartitionProgress(0, 0, 10_000_000_000, 10_000_000_000)]);
        using var store = new DictionaryStateStore();
        state.Build(new Generation(1, new TopicShape("", 1), store, instances: null, new ByteApplier(store), positions, time.GetTimestamp()));
        positions[0].PassTo(1);
        positions.Publish();
        time.Advance(TimeSpan.FromMinutes(5));

        var errors = new RecordErrorSettlement("t", RecordErrorPolicy.Fail, NullLogger.Instance, time);
        var status = new StatusReport(state, errors, static () => 1, "t", "localhost:1", static () => null, time).Snapshot();
        Assert.Null(status.EstimatedTimeToReady);
        Assert.Equal((CachePhase.Replaying, RecordSourceKind.None), (status.Phase, status.Source));
    }
}
