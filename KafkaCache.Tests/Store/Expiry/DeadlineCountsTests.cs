using KafkaCaching.Store.Entries;
using KafkaCaching.Store.Expiry;

namespace KafkaCaching.Tests.Store.Expiry;

public sealed class DeadlineCountsTests
{
    private static readonly DateTimeOffset Start = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly FakeTimeProvider _clock = new(Start);

    private long NowMs => _clock.GetUtcNow().ToUnixTimeMilliseconds();

    [Fact]
    public void What_has_expired_is_counted_exactly_at_every_moment_of_random_histories()
    {
        var random = new Random((int)TestSeed.Next());
        var counts = new DeadlineCounts(_clock);
        var model = new List<Deadline>();
        for (var step = 0; step < 20_000; step++)
        {
            switch (random.Next(8))
            {
                case < 4:
                    var deadline = Deadline.Of(NowMs + Skew(random), 1 + random.NextInt64(1L << random.Next(1, 36)));
                    model.Add(deadline);
                    counts.Add(deadline);
                    break;
                case 4 when model.Count > 0:
                    var at = random.Next(model.Count);
                    counts.Remove(model[at]);
                    model.RemoveAt(at);
                    break;
                case 5:
                    counts.PassTo(NowMs);
                    break;
                case 6:
                    _clock.Advance(TimeSpan.FromMilliseconds(random.NextInt64(1L << random.Next(1, random.Next(100) == 0 ? 34 : 16))));
                    break;
                default:
                    Assert.Equal(model.Count(one => one.IsPast(NowMs)), counts.ExpiredAt(NowMs));
                    break;
            }
        }
    }

    // The clock jumps by up to 4,000 of the units in which the deadlines are counted.
    [Theory]
    [InlineData(1_500, 1)]
    [InlineData(3_600_000, 2_048)]
    public void What_has_expired_is_counted_exactly_also_when_the_clock_jumps_ahead_and_back(long timeToLiveMs, long unitMs)
    {
        var random = new Random((int)TestSeed.Next());
        var counts = new DeadlineCounts(_clock);
        var model = new List<Deadline>();
        var right = Start;
        for (var step = 0; step < 20_000; step++)
        {
            switch (random.Next(8))
            {
                case < 3:
                    var deadline = Deadline.Of(NowMs + (random.Next(3) - 1) * random.NextInt64(8_000 * unitMs), timeToLiveMs);
                    model.Add(deadline);
                    counts.Add(deadline);
                    break;
                case 3 when model.Count > 0:
                    var at = random.Next(model.Count);
                    counts.Remove(model[at]);
                    model.RemoveAt(at);
                    break;
                case 4:
                    counts.PassTo(NowMs);
                    break;
                case 5:
                    right += TimeSpan.FromMilliseconds(random.NextInt64(50 * unitMs));
                    _clock.AdjustTime(right + TimeSpan.FromMilliseconds(random.Next(2) * random.NextInt64(4_000 * unitMs)));
                    break;
                default:
                    Assert.Equal(model.Count(one => one.IsPast(NowMs)), counts.ExpiredAt(NowMs));
                    break;
            }
        }
    }

    [Fact]
    public async Task A_count_that_is_asked_for_while_the_writer_passes_time_counts_nothing_twice()
    {
        var counts = new DeadlineCounts(_clock);
        for (var i = 1; i <= 4_000; i++)
            counts.Add(Deadline.Of(NowMs, 1_000 + i));
        var end = NowMs + 10_000;
        using var done = new CancellationTokenSource();
        var asking = Task.Run(
            () =>
            {
                var asked = 0;
                while (!done.IsCancellationRequested || asked == 0)
                {
                    Assert.Equal(4_000, counts.ExpiredAt(end));
                    asked++;
                }
            },
            TestContext.Current.CancellationToken);
        for (var now = NowMs; now < end; now++)
            counts.PassTo(now);
        await done.CancelAsync();
        await asking;
    }

    // Most records are new, some are old, and some come from producers whose clocks are ahead.
    private static long Skew(Random random) => random.Next(10) switch
    {
        0 => -random.NextInt64(1L << 34),
        1 => random.NextInt64(1L << 34),
        _ => 0,
    };
}
