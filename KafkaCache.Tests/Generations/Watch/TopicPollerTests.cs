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

/// <summary>A generation that serves and has read everything, and a poller that checks the topic every five seconds by the test's
/// clock.</summary>
public sealed class TopicPollerTests : IDisposable
{
    private const int NotCompactOnly = 105;
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
    private readonly Generation _generation;
    private readonly TopicPoller _poller;
    private int _pauses = 1;

    public TopicPollerTests()
    {
        var settings = new SupervisorSettings("users", "users", TimeSpan.FromSeconds(30), _time);
        _generation = new Generation(
            1, new TopicShape("", 1), _store, instances: null, new ByteApplier(_store), _positions, new Moment(_time));
        _generation.EndReplay(TimeSpan.Zero);
        _state.Build(_generation);
        _state.Serve(TimeSpan.Zero);
        _clock = new StaleClock(_state, settings, _logger);
        _requests = new LoopRequests(_generation, settings, _logger);
        _poller = new TopicPoller(_topic, _generation, _requests, _clock, settings, _state, _logger);
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

    [Fact]
    public async Task A_retention_that_was_shortened_while_the_cache_ran_is_learned_within_minutes()
    {
        await LookAsync();
        _topic.DeleteRetention = TimeSpan.FromHours(1);
        await PassAsync(TimeSpan.FromMinutes(6));
        Assert.Null(_requests.Take());

        _topic.PolicyProblem = TopicProblem.Unavailable;
        await LookAsync(TimeSpan.FromHours(2));
        Assert.Equal(ReplayEnd.TombstonesMissed, _requests.Take());
    }

    [Fact]
    public async Task A_retention_that_was_shortened_while_nobody_looked_is_asked_for_before_the_absence_is_judged()
    {
        await LookAsync();
        _topic.DeleteRetention = TimeSpan.FromHours(1);
        await LookAsync(TimeSpan.FromHours(2));
        Assert.Equal(ReplayEnd.TombstonesMissed, _requests.Take());
    }

    [Fact]
    public async Task A_suspended_machine_too_asks_for_the_retention_before_the_absence_is_judged()
    {
        await LookAsync();
        _topic.DeleteRetention = TimeSpan.FromHours(1);
        _time.Jump(TimeSpan.FromHours(2));
        await LookAsync();
        Assert.Equal(ReplayEnd.TombstonesMissed, _requests.Take());
    }

    [Fact]
    public async Task An_absence_is_kept_until_the_pending_retention_is_known()
    {
        await LookAsync();
        _topic.DeleteRetention = TimeSpan.FromHours(1);
        _topic.PolicyProblem = TopicProblem.Unavailable;
        await LookAsync(TimeSpan.FromHours(2));
        await LookAsync();
        Assert.Null(_requests.Take());

        _topic.PolicyProblem = null;
        await LookAsync();
        Assert.Equal(ReplayEnd.TombstonesMissed, _requests.Take());
    }

    // The retention may have been raised only recently, when the cleaner had already removed tombstones by the lower value.
    [Fact]
    public async Task A_retention_that_was_raised_while_nobody_looked_is_not_yet_the_measure_of_the_absence()
    {
        _topic.DeleteRetention = TimeSpan.FromHours(1);
        await PassAsync(TimeSpan.FromMinutes(6));
        _topic.DeleteRetention = TimeSpan.FromDays(1);
        await LookAsync(TimeSpan.FromHours(2));
        Assert.Equal(ReplayEnd.TombstonesMissed, _requests.Take());

        await PassAsync(TimeSpan.FromMinutes(11));
        await LookAsync(TimeSpan.FromHours(2));
        Assert.Null(_requests.Take());
    }

    [Theory]
    [InlineData(null)]
    [InlineData((int)TopicProblem.Refused)]
    public async Task The_policy_is_asked_for_every_five_minutes_whether_or_not_it_may_be_read(int? problem)
    {
        _topic.PolicyProblem = (TopicProblem?)problem;
        await LookAsync();
        Assert.Equal(1, _topic.PolicyQuestions);
        await PassAsync(TimeSpan.FromMinutes(30));
        Assert.InRange(_topic.PolicyQuestions, 5, 8);
    }

    [Fact]
    public async Task A_cleanup_policy_that_deletes_is_reported_once_when_it_appears()
    {
        await PassAsync(TimeSpan.FromMinutes(6));
        Assert.DoesNotContain(_logger.Lines, static line => line.Id == NotCompactOnly);
        _topic.Cleanup = "compact,delete";
        await PassAsync(TimeSpan.FromMinutes(12));
        Assert.Single(_logger.Lines, static line => line.Id == NotCompactOnly);
    }

    // Otherwise, a snapshot that lacks the new partition would be treated as more recent than it is.
    [Fact]
    public async Task A_look_that_finds_a_partition_added_confirms_nothing_of_the_generation_that_lacks_it()
    {
        await LookAsync();
        var before = _generation.CaughtUp;
        Assert.NotNull(before);
        _topic.Partitions = 2;
        await LookAsync();

        Assert.Equal(ReplayEnd.PartitionsAdded, _requests.Take());
        Assert.Equal(before, _generation.CaughtUp);
    }

    private async Task PassAsync(TimeSpan time)
    {
        for (var passed = TimeSpan.Zero; passed < time; passed += Interval)
            await LookAsync();
    }

    /// <summary>Advances the clock to the next check, and waits until the check has ended and the poller pauses again.</summary>
    private async Task LookAsync(TimeSpan? after = null)
    {
        await _time.TimersAsync(_pauses * TimersOfAPause);
        _time.Advance(after ?? Interval);
        await _time.TimersAsync(++_pauses * TimersOfAPause);
    }
}
