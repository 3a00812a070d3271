using KafkaCaching.Diagnostics;
using KafkaCaching.Generations;
using KafkaCaching.Replay;
using KafkaCaching.Replay.Applying;
using KafkaCaching.Replay.Progress;
using KafkaCaching.Store;
using KafkaCaching.Store.Faster;
using KafkaCaching.Tests.Diagnostics;
using KafkaCaching.Topics;
using KafkaCaching.Waiting;
using Microsoft.Extensions.Logging.Abstractions;

namespace KafkaCaching.Tests.Generations;

public sealed class AppliedWaitTests : IDisposable
{
    private readonly FasterStateStore _store = new(new StoreSettings(1 << 20, null, 10, "users"));
    private readonly CacheState _state = new("users", default);
    private readonly OwnMeterFactory _meters = new();
    private readonly FakeTimeProvider _time = new();
    private readonly PositionWaiters _waiters = new();
    private readonly AppliedWait _waits;

    public AppliedWaitTests()
    {
        _waiters.Follow(Build(applied: 5));
        _state.Serve(TimeSpan.Zero);
        _waits = new AppliedWait(
            _state, _waiters, "users", TimeSpan.FromSeconds(30), _time,
            new CacheDurations(_meters, "users", "users", _time, new ListenerFaults(NullLogger.Instance, "users")));
    }

    public void Dispose()
    {
        _meters.Dispose();
        _store.Dispose();
    }

    // The phase changes slightly before the waiters are released.
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

    [Fact]
    public async Task A_record_below_what_was_applied_belongs_to_another_log_and_the_watch_is_asked_to_look()
    {
        var before = _waits.AppliedSoFar();
        _waits.RequireSameLog(new CachePosition(0, 5), before);

        var changed = Assert.Throws<TopicChangedException>(() => _waits.RequireSameLog(new CachePosition(0, 4), before));

        Assert.Contains("0:4", changed.Message, StringComparison.Ordinal);
        await NextLookAsync();
    }

    // The new log has fewer records than the old one had.
    [Fact]
    public async Task A_put_into_a_replaced_topic_that_was_noticed_waits_for_the_generation_that_replays_it()
    {
        LogChanges();
        var before = _waits.AppliedSoFar();
        var written = new CachePosition(0, 1);

        _waits.RequireSameLog(written, before);
        var applied = _waits.WaitAsync(written, TestContext.Current.CancellationToken);

        await AssertNoLookIsAskedForAsync();
        var positions = Build(applied: 1);
        _waiters.Release(positions);
        Assert.False(applied.IsCompleted);
        Serve(positions, 2);
        await applied;
    }

    [Fact]
    public async Task A_put_during_which_the_replaced_topic_is_noticed_waits_for_the_next_generation_too()
    {
        var before = _waits.AppliedSoFar();
        LogChanges();
        var written = new CachePosition(0, 1);

        _waits.RequireSameLog(written, before);

        var applied = _waits.WaitAsync(written, TestContext.Current.CancellationToken);
        Serve(Build(applied: 2), 2);
        await applied;
    }

    // The brokers may have been queried just before the topic was replaced.
    [Fact]
    public void A_put_during_which_another_replay_of_the_same_log_begins_to_serve_learns_that_the_topic_was_replaced()
    {
        var before = _waits.AppliedSoFar();
        _state.BeginRebuild();
        Serve(Build(applied: 5), 5);

        Assert.Throws<TopicChangedException>(() => _waits.RequireSameLog(new CachePosition(0, 1), before));
    }

    [Fact]
    public async Task While_the_same_log_is_replayed_again_what_was_applied_stays_so_and_the_rest_waits()
    {
        _state.BeginRebuild();
        var positions = Build(applied: 0);

        await _waits.WaitAsync(new CachePosition(0, 4), TestContext.Current.CancellationToken);
        _waits.Wait(new CachePosition(0, 4));

        var before = _waits.AppliedSoFar();
        var written = new CachePosition(0, 5);
        _waits.RequireSameLog(written, before);
        var applied = _waits.WaitAsync(written, TestContext.Current.CancellationToken);
        Assert.False(applied.IsCompleted);
        Serve(positions, 6);
        await applied;
    }

    [Fact]
    public async Task A_partition_that_the_replay_in_progress_knows_is_no_reason_to_look_at_the_topic()
    {
        LogChanges();
        var positions = Build(applied: 0, partitions: 2);

        var applied = _waits.WaitAsync(new CachePosition(1, 0), TestContext.Current.CancellationToken);
        await AssertNoLookIsAskedForAsync();
        Serve(positions, 1);
        await applied;

        _ = _waits.WaitAsync(new CachePosition(2, 0), TestContext.Current.CancellationToken);
        await NextLookAsync();
    }

    [Fact]
    public async Task A_time_out_while_a_changed_log_is_replayed_does_not_state_the_position_in_the_old_one()
    {
        LogChanges();
        var applied = _waits.WaitAsync(new CachePosition(0, 1), TestContext.Current.CancellationToken);

        _time.Advance(TimeSpan.FromMinutes(1));

        var late = await Assert.ThrowsAsync<TimeoutException>(() => applied);
        Assert.Contains("has changed", late.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("stands at", late.Message, StringComparison.Ordinal);
    }

    private void LogChanges()
    {
        _state.BeginRebuild();
        _waiters.GiveUp(static () => new TopicChangedException("Changed."));
        _state.LogIsGone();
    }

    private Positions Build(long applied, int partitions = 1)
    {
        var positions = new Positions(
            [.. Enumerable.Range(0, partitions).Select(number => new PartitionProgress(number, applied, applied, applied))]);
        _state.Build(
            new Generation(
                1, new TopicShape("", partitions), _store, instances: null, new ByteApplier(_store), positions, new Moment(_time)));
        return positions;
    }

    private void Serve(Positions positions, long applied)
    {
        foreach (var partition in positions.Partitions)
            partition.PassTo(applied);
        positions.Publish();
        _state.Serve(TimeSpan.Zero);
        _waiters.Follow(positions);
        _waiters.Release(positions);
    }

    // If a check had been requested by mistake, it would begin as soon as a pool thread is free. The wait is cancelled, because it would
    // otherwise consume the next request.
    private async Task AssertNoLookIsAskedForAsync()
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        end.CancelAfter(TimeSpan.FromMilliseconds(100));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => LookAsync(end.Token));
    }

    /// <summary>Completes when a check of the topic has been requested.</summary>
    private Task NextLookAsync() =>
        LookAsync(TestContext.Current.CancellationToken).WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);

    private Task LookAsync(CancellationToken end) => _state.TopicDoubted.WaitAsync(TimeSpan.Zero, TimeSpan.FromMinutes(1), _time, end);
}
