using KafkaCaching.Generations;
using KafkaCaching.Generations.Watch;
using KafkaCaching.Replay;
using KafkaCaching.Replay.Applying;
using KafkaCaching.Replay.Progress;
using KafkaCaching.Tests.Diagnostics;
using KafkaCaching.Tests.Store;
using KafkaCaching.Topics;
using KafkaCaching.Waiting;

namespace KafkaCaching.Tests.Generations.Watch;

public sealed class CaughtUpCheckTests : IDisposable
{
    private const int TombstonesMissed = 110;
    private const int ReplayOutlastsTombstones = 111;

    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    private readonly WallClock _time = new();
    private readonly DictionaryStateStore _store = new();
    private readonly CacheState _state = new("users", default);
    private readonly ListLogger _logger = new();
    private readonly Positions _positions = new([new PartitionProgress(0, 0, 10, 10)]);
    private readonly SupervisorSettings _settings;
    private readonly StaleClock _clock;

    public CaughtUpCheckTests()
    {
        _settings = new SupervisorSettings("users", "users", TimeSpan.FromSeconds(30), _time);
        _clock = new StaleClock(_state, _settings, _logger);
    }

    public void Dispose() => _store.Dispose();

    // After a suspension, the connections may be dead, and the first response of the brokers does not prove that fetches work.
    [Fact]
    public void A_cache_that_is_stale_stays_so_until_it_has_read_something_after_the_silence()
    {
        var (check, _) = Served();
        _time.Jump(TimeSpan.FromHours(1));
        _clock.Check();

        Look(check, end: 20);
        Assert.Equal(CachePhase.Stale, _state.Snapshot().Phase);
        Assert.NotNull(_state.Snapshot().Reason);
        Look(check, end: 20);
        Assert.Equal(CachePhase.Stale, _state.Snapshot().Phase);

        PassTo(15);
        Look(check, end: 20);
        Assert.Equal((CachePhase.Ready, null), (_state.Snapshot().Phase, _state.Snapshot().Reason));
    }

    [Fact]
    public void A_cache_that_is_stale_and_has_read_all_is_ready_with_the_first_answer()
    {
        var (check, _) = Served();
        _time.Advance(TimeSpan.FromHours(1));
        _clock.Check();
        Assert.Equal(CachePhase.Stale, _state.Snapshot().Phase);

        Look(check, end: 10);
        Assert.Equal((CachePhase.Ready, null), (_state.Snapshot().Phase, _state.Snapshot().Reason));
    }

    // If the machine was suspended, the replay itself did not take long, and a second one will not either.
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_replay_during_which_the_machine_was_suspended_for_a_day_is_started_over(bool isSecondTry)
    {
        var (check, requests, generation) = Replaying(isSecondTry);
        Look(check, end: 10);
        _time.Jump(TimeSpan.FromDays(1));
        Look(check, end: 10);
        Assert.Null(requests.Take());

        PassTo(10);
        generation.EndReplay(generation.Started.ElapsedAwake);
        Look(check, end: 10);
        Assert.Equal(ReplayEnd.TombstonesMissed, requests.Take());
        Assert.DoesNotContain(_logger.Lines, static line => line.Id == ReplayOutlastsTombstones);
        Assert.Contains("86410 s", Assert.Single(_logger.Lines, static line => line.Id == TombstonesMissed).Text, StringComparison.Ordinal);
        Look(check, end: 10);
        Assert.Null(requests.Take());
    }

    [Theory]
    [InlineData(false, 1)]
    [InlineData(true, 0)]
    public void A_replay_that_takes_a_day_of_work_is_reported_and_started_over_once(bool isSecondTry, int more)
    {
        var (check, requests, generation) = Replaying(isSecondTry);
        _time.Advance(TimeSpan.FromDays(1));
        Look(check, end: 10);
        PassTo(10);
        generation.EndReplay(generation.Started.ElapsedAwake);
        Look(check, end: 10);
        Assert.Equal(more == 1 ? ReplayEnd.TombstonesMissed : null, requests.Take());
        Assert.Single(_logger.Lines, static line => line.Id == ReplayOutlastsTombstones);
    }

    // Otherwise, a snapshot of this generation would be treated as more recent than it is.
    [Fact]
    public void What_may_have_missed_tombstones_has_not_caught_up_to_a_time_again()
    {
        var (check, _, generation) = Replaying(isSecondTry: true);
        Look(check, end: 10);
        Assert.Equal(_time.GetUtcNow() - Interval, generation.CaughtUp!.At);
        for (var hours = 0; hours < 23; hours++)
        {
            _time.Advance(TimeSpan.FromHours(1));
            Look(check, end: 10);
        }

        PassTo(10);
        generation.EndReplay(generation.Started.ElapsedAwake);
        Look(check, end: 10);
        Look(check, end: 10);
        Assert.Null(generation.CaughtUp);
    }

    private (CaughtUpCheck Check, LoopRequests Requests) Served()
    {
        var (check, requests, generation) = Replaying();
        PassTo(10);
        generation.EndReplay(TimeSpan.Zero);
        _state.Serve(TimeSpan.Zero);
        Look(check, end: 10);
        return (check, requests);
    }

    private (CaughtUpCheck Check, LoopRequests Requests, Generation Generation) Replaying(bool isSecondTry = false)
    {
        var generation = new Generation(
            1, new TopicShape("", 1), _store, instances: null, new ByteApplier(_store), _positions, new Moment(_time), isSecondTry);
        _state.Build(generation);
        var requests = new LoopRequests(generation, _settings, _logger);
        var check = new CaughtUpCheck(generation, requests, _clock, _settings, _state, _logger) { DeleteRetention = TimeSpan.FromDays(1) };
        return (check, requests, generation);
    }

    private void Look(CaughtUpCheck check, long end)
    {
        _time.Advance(Interval);
        check.Check([new LogEnd(end, end)], new Moment(_time), Interval, hasAll: true);
        _clock.Check();
    }

    private void PassTo(long next)
    {
        _positions[0].PassTo(next);
        _positions.Publish();
    }
}
