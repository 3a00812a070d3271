using KafkaCaching.Leadership;
using KafkaCaching.Tests.Generations;
using Microsoft.Extensions.Logging.Abstractions;

namespace KafkaCaching.Tests.Leadership;

public sealed class SeatTests
{
    private static readonly TimeSpan Session = TimeSpan.FromSeconds(6);

    private readonly WallClock _time = new();

    [Fact]
    public void A_pause_of_a_session_ends_the_term_for_the_first_caller()
    {
        using var seat = Taken();
        var term = seat.Term!;
        _time.Advance(Session - TimeSpan.FromMilliseconds(1));
        Assert.True(term.IsHeld);

        _time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.False(term.IsHeld);
        Assert.Null(seat.Term);
        Assert.False(seat.Beat());
    }

    // The monotonic clock stops meanwhile.
    [Fact]
    public void A_suspension_of_the_machine_ends_the_term_too()
    {
        using var seat = Taken();
        var term = seat.Term!;
        _time.Jump(Session);
        Assert.False(term.IsHeld);
        Assert.False(seat.Beat());
        Assert.Equal(1, seat.TermsLost);
    }

    [Fact]
    public void A_wall_clock_that_is_set_back_changes_nothing()
    {
        using var seat = Taken();
        _time.Jump(TimeSpan.FromDays(-1));
        Assert.True(seat.Beat());
        _time.Advance(Session);
        Assert.Null(seat.Term);
    }

    [Fact]
    public void A_sign_of_life_after_a_pause_does_not_revive_the_term()
    {
        using var seat = Taken();
        var term = seat.Term!;
        _time.Advance(Session);
        Assert.False(seat.Beat());
        Assert.False(term.IsHeld);
        Assert.Null(seat.Term);

        seat.Take();
        Assert.NotSame(term, seat.Term);
        Assert.Equal((2, 1), (seat.TermsBegun, seat.TermsLost));
    }

    [Fact]
    public void Signs_of_life_keep_the_term()
    {
        using var seat = Taken();
        for (var i = 0; i < 10; i++)
        {
            _time.Advance(Session / 2);
            Assert.True(seat.Beat());
        }

        Assert.NotNull(seat.Term);
    }

    [Fact]
    public async Task A_lost_term_is_cancelled_and_the_next_wait_gives_another_one()
    {
        using var seat = Taken();
        var first = await seat.WaitAsync(TestContext.Current.CancellationToken);
        seat.Leave("test", isGivenUp: false);
        await WaitForAsync(first.Lost);
        var waiting = seat.WaitAsync(TestContext.Current.CancellationToken);
        Assert.False(waiting.IsCompleted);

        seat.Take();
        var second = await waiting;
        Assert.NotSame(first, second);
        Assert.False(first.IsHeld);
        Assert.True(second.IsHeld);
        Assert.Equal((2, 1), (seat.TermsBegun, seat.TermsLost));
    }

    [Fact]
    public async Task Dispose_releases_those_who_wait()
    {
        var seat = new Seat("prices", Session, _time, NullLogger.Instance);
        var waiting = seat.WaitAsync(TestContext.Current.CancellationToken);
        seat.Dispose();
        await Assert.ThrowsAsync<ObjectDisposedException>(() => waiting);
    }

    private Seat Taken()
    {
        var seat = new Seat("prices", Session, _time, NullLogger.Instance);
        seat.Beat();
        seat.Take();
        return seat;
    }

    private static async Task WaitForAsync(CancellationToken token)
    {
        var cancelled = new TaskCompletionSource();
        await using var registration = token.Register(cancelled.SetResult);
        await cancelled.Task.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
    }
}
