using KafkaCaching.EntityFrameworkCore.Invalidation;

namespace KafkaCaching.Tests.EntityFrameworkCore.Invalidation;

public sealed class PendingMarkTests
{
    private readonly PendingMark _mark = new("a");

    [Fact]
    public void Commits_before_a_write_share_it_and_those_during_it_share_the_next()
    {
        Assert.True(_mark.Want());
        Assert.False(_mark.Want());
        var first = _mark.Applied;
        var write = _mark.TryBegin()!;
        Assert.False(_mark.Want());
        Assert.False(_mark.Want());
        Assert.NotSame(first, _mark.Applied);
        write.SetResult(default);
        Assert.True(first.IsCompletedSuccessfully);
        Assert.False(_mark.Applied.IsCompleted);
        var next = _mark.TryBegin()!;
        Assert.Same(next.Task, _mark.Applied);
        next.SetResult(default);
        Assert.Null(_mark.TryBegin());
        Assert.True(_mark.Want());
    }
}
