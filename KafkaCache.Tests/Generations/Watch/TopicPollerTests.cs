using KafkaCaching.Generations;
using KafkaCaching.Generations.Watch;
using KafkaCaching.Replay;
using KafkaCaching.Tests.Diagnostics;
using KafkaCaching.Tests.Store;
using KafkaCaching.Topics;

namespace KafkaCaching.Tests.Generations.Watch;

/// <summary>A generation that serves and has read all, and a watch that looks every five seconds of the test's own clock.</summary>
public sealed class TopicPollerTests : IDisposable
{
    private const int TimersOfAPause = 2;

    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    private readonly WallClock _time = new();
    private readonly DictionaryStateStore _store = new();
    private readonly CacheState _state = new("users", default);
    private readonly ListLogger _logger = new();
    private readonly ScriptedTopic _topic = new();
    private readonly Positions _positions = new([new PartitionProgress(0, 0, 0, 0)]);
    private readonly StaleClock _clock;
    private readonly LoopRequests _requests;
    private readonly TopicPoller _poller;
    private int _pauses = 1;

    public TopicPollerTests()
    {
        var settings = new SupervisorSettings("users", "users", TimeSpan.FromSeconds(30), _time);
        var generation = new Generation(
            1, new TopicShape("", 1), _store, instances: null, new ByteApplier(_store), _positions, new Moment(_time));
        generation.EndReplay(TimeSpan.Zero);
        _state.Build(generation);
        _state.Serve(TimeSpan.Zero);
        _clock = new StaleClock(_state, settings, _logger);
        _requests = new LoopRequests(generation, settings, _logger);
        _poller = new TopicPoller(_topic, generation, _requests, _clock, settings, _state, _logger);
        _poller.Start();
    }

    public void Dispose()
    {
        _poller.Dispose();
        _store.Dispose();
    }

    [Fact]
    public async Task A_machine_that_was_suspended_for_a_day_has_missed_tombstones()
    {
        await LookAsync();
        _time.Jump(TimeSpan.FromDays(1));
        await LookAsync();
        Assert.Equal(ReplayEnd.TombstonesMissed, _requests.Take());
        await LookAsync();
        Assert.Null(_requests.Take());
    }

    [Fact]
    public async Task A_day_without_a_look_has_missed_tombstones_though_the_wall_clock_was_set_back()
    {
        await LookAsync();
        _time.Jump(-TimeSpan.FromDays(2));
        await LookAsync(TimeSpan.FromDays(1));
        Assert.Equal(ReplayEnd.TombstonesMissed, _requests.Take());
    }

    [Fact]
    public async Task A_wall_clock_that_is_corrected_by_a_second_has_missed_nothing()
    {
        await LookAsync();
        _time.Jump(TimeSpan.FromSeconds(1));
        await LookAsync();
        _time.Jump(-TimeSpan.FromSeconds(1));
        await LookAsync();
        Assert.Null(_requests.Take());
    }

    /// <summary>Lets the time pass until the next look, and waits until the watch has judged what it saw and pauses again.</summary>
    private async Task LookAsync(TimeSpan? after = null)
    {
        await _time.TimersAsync(_pauses * TimersOfAPause);
        _time.Advance(after ?? Interval);
        await _time.TimersAsync(++_pauses * TimersOfAPause);
    }
}
