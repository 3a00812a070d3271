using KafkaCaching.Puts;

namespace KafkaCaching.Tests.Puts;

public sealed class InFlightTests
{
    private readonly FakeTimeProvider _time = new();

    [Fact]
    public async Task A_put_that_nobody_settles_is_answered_as_unknown_when_its_time_is_over()
    {
        using var inFlight = new InFlight(TimeSpan.FromSeconds(10), _time);
        var first = HandOver(inFlight);
        _time.Advance(TimeSpan.FromSeconds(5));
        var second = HandOver(inFlight);
        _time.Advance(TimeSpan.FromSeconds(6));
        Assert.True(first.Outcome.IsDone);
        Assert.False(second.Outcome.IsDone);
        var unknown = await Assert.ThrowsAsync<PutException>(() => first.Outcome.Task);
        Assert.Equal(PutOutcome.Unknown, unknown.Outcome);
        Assert.Equal([second], inFlight.All());
        _time.Advance(TimeSpan.FromSeconds(5));
        Assert.True(second.Outcome.IsDone);
        Assert.Empty(inFlight.All());
    }

    [Fact]
    public void A_put_that_was_settled_in_time_keeps_its_outcome()
    {
        using var inFlight = new InFlight(TimeSpan.FromSeconds(10), _time);
        var put = HandOver(inFlight);
        put.Settle(new PutException("The broker refused it.", PutOutcome.NotCommitted));
        _time.Advance(TimeSpan.FromSeconds(20));
        Assert.Equal(PutOutcome.NotCommitted, Assert.Throws<PutException>(() => put.Outcome.Result).Outcome);
    }

    private static PendingPut HandOver(InFlight inFlight)
    {
        var put = new PendingPut(inFlight);
        inFlight.Add(put);
        return put;
    }
}
