using KafkaCaching.Waiting;

namespace KafkaCaching.Tests.Waiting;

public sealed class SingleEndTests
{
    private readonly SingleEnd _end = new();
    private int _ends;

    [Fact]
    public void It_runs_once_and_says_that_it_has_begun()
    {
        Assert.False(_end.HasBegun);
        _end.Run(Count);
        _end.Run(Count);
        Assert.True(_end.HasBegun);
        Assert.Equal(1, _ends);
    }

    [Fact]
    public void A_call_from_within_returns_at_once()
    {
        _end.Run(() =>
        {
            _end.Run(Count);
            Count();
        });
        Assert.Equal(1, _ends);
    }

    [Fact]
    public void An_end_that_throws_is_over_too()
    {
        Assert.Throws<InvalidOperationException>(() => _end.Run(static () => throw new InvalidOperationException()));
        var second = new Thread(() => _end.Run(Count));
        second.Start();
        Assert.True(second.Join(TimeSpan.FromSeconds(30)));
        Assert.Equal(0, _ends);
    }

    private void Count() => _ends++;
}
