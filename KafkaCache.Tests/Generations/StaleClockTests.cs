using KafkaCaching.Generations;
using KafkaCaching.Replay;
using KafkaCaching.Replay.Applying;
using KafkaCaching.Replay.Progress;
using KafkaCaching.Tests.Store;
using KafkaCaching.Topics;
using KafkaCaching.Waiting;
using Microsoft.Extensions.Logging.Abstractions;

namespace KafkaCaching.Tests.Generations;

/// <summary>A stale cache always has a reason, whether the brokers, the check of the topic or the replay has stopped.</summary>
public sealed class StaleClockTests : IDisposable
{
    private static readonly TimeSpan StaleAfter = TimeSpan.FromSeconds(30);

    private readonly WallClock _time = new();
    private readonly DictionaryStateStore _store = new();
    private readonly CacheState _state = new("users", default);
    private readonly StaleClock _clock;

    public StaleClockTests()
    {
        _clock = new StaleClock(_state, new SupervisorSettings("users", "users", StaleAfter, _time), NullLogger.Instance);
        _state.Build(
            new Generation(
                1, new TopicShape("", 1), _store, instances: null, new ByteApplier(_store),
                new Positions([new PartitionProgress(0, 0, 0, 0)]), new Moment(_time)));
        _state.Serve(TimeSpan.Zero);
    }

    public void Dispose() => _store.Dispose();

    [Fact]
    public void Without_a_known_reason_it_states_what_the_watch_and_the_replay_are_doing()
    {
        _clock.WatchIs("asking the brokers");
        _time.Advance(TimeSpan.FromSeconds(10));
        _clock.ReplayIs("closing its consumer");
        _time.Advance(TimeSpan.FromSeconds(21));
        _clock.Check();

        var (phase, _, _, reason) = _state.Snapshot();
        Assert.Equal(CachePhase.Stale, phase);
        Assert.Contains("asking the brokers for 31 s", reason, StringComparison.Ordinal);
        Assert.Contains("closing its consumer for 21 s", reason, StringComparison.Ordinal);
        Assert.Contains(reason!, Assert.IsType<CacheNotReadyException>(_state.WhyUnreadable()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_reason_that_the_watch_gives_goes_first_and_when_it_is_taken_back_there_still_is_one()
    {
        _state.SetReason("The brokers gave no answer.");
        _time.Advance(StaleAfter + TimeSpan.FromSeconds(1));
        _clock.Check();
        Assert.Equal((CachePhase.Stale, "The brokers gave no answer."), PhaseAndReason());

        _state.SetReason(null);
        Assert.Equal(CachePhase.Stale, PhaseAndReason().Phase);
        Assert.NotNull(PhaseAndReason().Reason);

        _clock.EndConfirmed(new Moment(_time));
        _clock.Check();
        Assert.Equal((CachePhase.Ready, null), PhaseAndReason());
    }

    [Fact]
    public void A_generation_that_begins_while_the_cache_is_stale_leaves_a_reason()
    {
        _state.SetReason("The brokers gave no answer.");
        _time.Advance(StaleAfter + TimeSpan.FromSeconds(1));
        _clock.Check();
        _state.Build(
            new Generation(
                2, new TopicShape("", 1), _store, instances: null, new ByteApplier(_store), new Positions([]), new Moment(_time)));
        Assert.Equal(CachePhase.Stale, PhaseAndReason().Phase);
        Assert.NotNull(PhaseAndReason().Reason);
    }

    // While a machine is suspended, timestamps don't advance, but the time of day does.
    [Fact]
    public void A_machine_that_was_suspended_for_longer_than_StaleAfter_is_stale_until_the_end_is_confirmed()
    {
        _time.Jump(TimeSpan.FromDays(1));
        _clock.Check();
        var (phase, reason) = PhaseAndReason();
        Assert.Equal(CachePhase.Stale, phase);
        Assert.Contains("For 86400 s", reason, StringComparison.Ordinal);
        Assert.Contains("starting for 86400 s", reason, StringComparison.Ordinal);
        Assert.Equal(TimeSpan.FromDays(1), _clock.SinceConfirmed);

        _clock.EndConfirmed(new Moment(_time));
        _clock.Check();
        Assert.Equal((CachePhase.Ready, null), PhaseAndReason());
    }

    [Fact]
    public void A_wall_clock_that_is_set_back_hides_no_silence()
    {
        _time.Jump(-TimeSpan.FromDays(1));
        _time.Advance(StaleAfter + TimeSpan.FromSeconds(1));
        _clock.Check();
        Assert.Equal(CachePhase.Stale, PhaseAndReason().Phase);
    }

    [Fact]
    public void A_wall_clock_that_is_corrected_by_a_second_makes_nothing_stale()
    {
        _time.Jump(TimeSpan.FromSeconds(1));
        _clock.Check();
        _time.Jump(-TimeSpan.FromSeconds(1));
        _clock.Check();
        Assert.Equal((CachePhase.Ready, null), PhaseAndReason());
    }

    private (CachePhase Phase, string? Reason) PhaseAndReason()
    {
        var (phase, _, _, reason) = _state.Snapshot();
        return (phase, reason);
    }
}
