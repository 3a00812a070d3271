using KafkaCaching.Diagnostics;
using KafkaCaching.Generations;
using KafkaCaching.Replay;
using KafkaCaching.Store;
using KafkaCaching.Store.Faster;
using KafkaCaching.Tests.Diagnostics;
using KafkaCaching.Topics;
using Microsoft.Extensions.Logging.Abstractions;

namespace KafkaCaching.Tests.Generations;

public sealed class AppliedWaitTests : IDisposable
{
    private readonly FasterStateStore _store = new(new StoreSettings(1 << 20, null, 10, "users"));
    private readonly CacheState _state = new("users", default);
    private readonly OwnMeterFactory _meters = new();
    private readonly AppliedWait _waits;

    public AppliedWaitTests()
    {
        var positions = new Positions([new PartitionProgress(0, logStart: 5, target: 5, lastStableOffset: 5)]);
        _state.Build(new Generation(1, new TopicShape("", 1), _store, instances: null, new ByteApplier(_store), positions, 0));
        var waiters = new PositionWaiters();
        waiters.Follow(positions);
        var time = new FakeTimeProvider();
        _waits = new AppliedWait(
            _state, waiters, "users", TimeSpan.FromSeconds(30), time,
            new CacheDurations(_meters, "users", "users", time, new ListenerFaults(NullLogger.Instance, "users")));
    }

    public void Dispose()
    {
        _meters.Dispose();
        _store.Dispose();
    }

    // The phase says so a moment before those who wait are told.
    [Fact]
    public async Task A_cache_that_has_faulted_says_so_also_of_a_position_that_was_applied()
    {
        var applied = new CachePosition(0, 4);
        await _waits.WaitAsync(applied, TestContext.Current.CancellationToken);
        _waits.Wait(applied);

        _state.Fault(new InvalidOperationException("Broken."));

        Assert.Throws<CacheFaultedException>(() => _waits.Wait(applied));
        await Assert.ThrowsAsync<CacheFaultedException>(() => _waits.WaitAsync(applied, TestContext.Current.CancellationToken));
    }
}
