using KafkaCaching.Waiting;

namespace KafkaCaching.Tests.Waiting;

public sealed class NudgeTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly Nudge _nudge = new();

    [Fact]
    public async Task Unnudged_the_wait_takes_its_time()
    {
        var wait = WaitAsync();
        Assert.False(wait.IsCompleted);
        _time.Advance(TimeSpan.FromMinutes(1));
        await wait;
    }

    [Fact]
    public async Task A_nudge_ends_the_wait_and_none_but_that_one()
    {
        var wait = WaitAsync();
        _nudge.Give();
        _nudge.Give();
        await wait;
        Assert.False(WaitAsync().IsCompleted);
    }

    [Fact]
    public async Task A_nudge_from_before_the_wait_counts()
    {
        _nudge.Give();
        await WaitAsync();
    }

    [Fact]
    public async Task A_nudge_ends_the_wait_no_sooner_than_it_may_end()
    {
        var wait = _nudge.WaitAsync(TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(1), _time, TestContext.Current.CancellationToken);
        _nudge.Give();
        Assert.False(wait.IsCompleted);
        _nudge.Give();
        _time.Advance(TimeSpan.FromSeconds(1));
        await wait;
        Assert.False(WaitAsync().IsCompleted);
    }

    [Fact]
    public async Task Told_to_stop_the_wait_ends_by_it()
    {
        using var stopping = new CancellationTokenSource();
        var wait = _nudge.WaitAsync(TimeSpan.Zero, TimeSpan.FromMinutes(1), _time, stopping.Token);
        await stopping.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => wait);
    }

    private Task WaitAsync() => _nudge.WaitAsync(TimeSpan.Zero, TimeSpan.FromMinutes(1), _time, TestContext.Current.CancellationToken);
}
