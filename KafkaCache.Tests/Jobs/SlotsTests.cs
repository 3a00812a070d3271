using KafkaCaching.Jobs;
using KafkaCaching.Jobs.Running;
using KafkaCaching.Jobs.Scheduling;

namespace KafkaCaching.Tests.Jobs;

public sealed class SlotsTests
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly Schedule EveryFiveMinutes = new(every: null, "*/5 * * * *", TimeZoneInfo.Utc);

    [Theory]
    [InlineData(MissedRuns.Once, 0, 12, 10)]
    [InlineData(MissedRuns.All, 0, 12, 5)]
    [InlineData(MissedRuns.Skip, 0, 12, 15)]
    [InlineData(MissedRuns.Once, 10, 12, 15)]
    [InlineData(MissedRuns.All, 10, 12, 15)]
    [InlineData(MissedRuns.Skip, 10, 12, 15)]
    [InlineData(MissedRuns.Skip, 15, 12, 20)]
    [InlineData(MissedRuns.Once, 70, 12, 75)]
    [InlineData(MissedRuns.Once, 75, 12, 15)] // The clock that said so was wrong.
    [InlineData(MissedRuns.All, 75, 12, 15)]
    [InlineData(MissedRuns.Skip, 75, 12, 15)]
    public void The_next_time_is_by_what_was_missed(MissedRuns missed, int handled, int now, int next) => Assert.Equal(
        Noon.AddMinutes(next), Slots.Next(EveryFiveMinutes, missed, Noon.AddMinutes(handled), Noon.AddMinutes(now)));

    [Fact]
    public void A_schedule_of_seconds_that_was_missed_for_years_is_computed_at_once()
    {
        var seconds = new Schedule(every: null, "* * * * * *", TimeZoneInfo.Utc);
        Assert.Equal(Noon, Slots.Next(seconds, MissedRuns.Once, Noon.AddYears(-10), Noon));
    }

    [Fact]
    public void A_day_that_no_month_has_is_never() =>
        Assert.Null(Slots.Next(new Schedule(every: null, "0 0 30 2 *", TimeZoneInfo.Utc), MissedRuns.Once, Noon, Noon));

    [Fact]
    public void Cron_is_in_its_time_zone()
    {
        var zone = TimeZoneInfo.CreateCustomTimeZone("two", TimeSpan.FromHours(2), "two", "two");
        Assert.Equal(Noon.AddHours(20), new Schedule(every: null, "0 10 * * *", zone).After(Noon));
    }

    [Fact]
    public void An_interval_counts_from_the_time_before() =>
        Assert.Equal(Noon.AddMinutes(7), new Schedule(TimeSpan.FromMinutes(7), cron: null, TimeZoneInfo.Utc).After(Noon));

    [Theory]
    [InlineData(JobRunOutcome.Running, MissedRuns.Once, false)]
    [InlineData(JobRunOutcome.Stopped, MissedRuns.All, false)]
    [InlineData(JobRunOutcome.Running, MissedRuns.Skip, true)]
    [InlineData(JobRunOutcome.Failed, MissedRuns.Once, true)]
    [InlineData(JobRunOutcome.Succeeded, MissedRuns.Once, true)]
    public void A_run_that_has_not_ended_is_not_done_with(JobRunOutcome outcome, MissedRuns missed, bool isDone)
    {
        var run = new JobRunInfo("id", Noon, Noon, EndedAt: null, outcome, "machine", Token: 1, Error: null);
        var handled = JobLoop.Handled([run], missed, Noon.AddMinutes(1));
        Assert.Equal(isDone, handled >= Noon);
        Assert.Equal(Noon.AddMinutes(1), JobLoop.Handled([], missed, Noon.AddMinutes(1)));
    }
}
