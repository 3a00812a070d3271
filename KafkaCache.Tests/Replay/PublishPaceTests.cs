using KafkaCaching.Replay;

namespace KafkaCaching.Tests.Replay;

public sealed class PublishPaceTests
{
    private static readonly TimeSpan Promised = TimeSpan.FromMilliseconds(250);

    private readonly FakeTimeProvider _time = new();

    [Theory]
    [InlineData(0.1)]
    [InlineData(1)]
    [InlineData(10)]
    [InlineData(40)]
    [InlineData(100)]
    [InlineData(240)]
    public void Positions_are_shown_every_quarter_of_a_second_however_long_a_record_takes(double milliseconds)
    {
        var pace = new PublishPace(_time);
        var (shown, longest, took) = (_time.GetTimestamp(), TimeSpan.Zero, TimeSpan.FromMilliseconds(milliseconds));
        pace.Begin();
        for (var i = 0; i < 10_000; i++)
        {
            _time.Advance(took);
            var since = _time.GetElapsedTime(shown);
            longest = since > longest ? since : longest;
            if (pace.IsDue())
                shown = _time.GetTimestamp();
        }

        Assert.InRange(longest, took, Promised);
    }

    [Fact]
    public void Records_that_turn_slow_within_a_batch_are_noticed_within_sixteen()
    {
        var pace = new PublishPace(_time);
        pace.Begin();
        for (var i = 0; i < 1_000; i++)
            Assert.False(pace.IsDue());
        var due = 0;
        for (var i = 0; i < 16; i++)
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            due += pace.IsDue() ? 1 : 0;
        }

        Assert.InRange(due, 1, 16);
        for (var i = 0; i < 16; i++)
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            Assert.True(pace.IsDue());
        }
    }
}
