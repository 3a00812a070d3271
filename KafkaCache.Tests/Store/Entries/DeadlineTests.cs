using KafkaCaching.Store.Entries;

namespace KafkaCaching.Tests.Store.Entries;

public sealed class DeadlineTests
{
    [Fact]
    public void A_deadline_is_never_later_than_the_time_to_live_says_and_at_most_a_1024th_earlier()
    {
        var random = new Random((int)TestSeed.Next());
        for (var i = 0; i < 100_000; i++)
        {
            var timeToLive = 1 + random.NextInt64(1L << random.Next(1, 40));
            var timestamp = random.NextInt64(1L << 42);
            var deadline = Deadline.Of(timestamp, timeToLive);
            var early = timestamp + timeToLive - deadline.Ms;
            Assert.InRange(early, 0, timeToLive / 1024);
            Assert.Equal(deadline.Ms, deadline.Tick << deadline.Scale);
        }
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(-1L << 50, 1000)]
    [InlineData(1L << 53, 1L << 40)]
    [InlineData(0, long.MaxValue)]
    public void Times_outside_of_any_calendar_still_give_a_deadline(long timestamp, long timeToLive)
    {
        var deadline = Deadline.Of(timestamp, timeToLive);
        Assert.False(deadline.IsNone);
        Assert.InRange(deadline.Ms, 1, 1L << 47);
        Assert.True(deadline.IsPast(deadline.Ms));
        Assert.False(deadline.IsPast(deadline.Ms - 1));
    }

    [Fact]
    public void No_deadline_is_never_past()
    {
        Assert.True(default(Deadline).IsNone);
        Assert.False(default(Deadline).IsPast(long.MaxValue));
    }
}
