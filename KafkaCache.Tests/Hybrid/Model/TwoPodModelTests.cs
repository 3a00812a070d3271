using System.Globalization;
using KafkaCaching.Hybrid.Validity;

namespace KafkaCaching.Tests.Hybrid.Model;

/// <summary>Compares rule A (<see cref="AsOfRule"/>) with alternative rules in the same random histories of two pods.
/// <c>KAFKACACHE_TEST_HISTORIES</c> sets the number of histories.</summary>
public sealed class TwoPodModelTests(ITestOutputHelper output)
{
    private static readonly int Histories =
        int.TryParse(Environment.GetEnvironmentVariable("KAFKACACHE_TEST_HISTORIES"), CultureInfo.InvariantCulture, out var histories)
            ? histories
            : 500;

    [Fact]
    public void Rule_A_serves_nothing_that_is_older_than_an_applied_invalidation() =>
        Assert.Equal(0, StaleReads(static _ => new ModelSettings(AsOfRule.Instance)));

    [Fact]
    public void Forgetting_on_invalidation_serves_stale_values() =>
        Assert.NotEqual(0, StaleReads(static _ => new ModelSettings(new NoRule(), ForgetsOnInvalidation: true)));

    [Fact]
    public void A_time_stamp_of_the_fill_serves_stale_values() =>
        Assert.NotEqual(0, StaleReads(static times => new ModelSettings(new FillTimeRule(times))));

    [Fact]
    public void A_time_stamp_of_the_reads_start_serves_stale_values_when_clocks_differ() =>
        Assert.NotEqual(0, StaleReads(static times => new ModelSettings(new ReadStartRule(times))));

    [Fact]
    public void Rule_A_with_the_wrong_comparison_serves_stale_values() =>
        Assert.NotEqual(0, StaleReads(static _ => new ModelSettings(new OffByOneRule())));

    [Fact]
    public void Rule_A_with_the_wrong_partition_serves_stale_values() =>
        Assert.NotEqual(0, StaleReads(static _ => new ModelSettings(new FirstPartitionRule())));

    [Fact]
    public void Writers_that_die_between_a_commit_and_its_mark_leave_stale_values_at_rest_and_no_stale_reads_after_a_mark()
    {
        var (reads, atRest) = Totals(static _ => new ModelSettings(AsOfRule.Instance, WritersDie: true));
        Assert.Equal(0, reads);
        Assert.NotEqual(0, atRest);
    }

    [Fact]
    public void Tags_that_are_open_around_a_commit_leave_nothing_stale_whichever_pod_dies() =>
        Assert.Equal((0, 0), Totals(static _ => new ModelSettings(AsOfRule.Instance, WritersDie: true, OpensTags: true)));

    [Theory]
    [InlineData(ModelDefect.ServesOpenTags)]
    [InlineData(ModelDefect.ForgetsTheDead)]
    [InlineData(ModelDefect.ClosesBeforeMarks)]
    [InlineData(ModelDefect.EndsBeforeMarks)]
    [InlineData(ModelDefect.SaysNotWhereMarksAre)]
    [InlineData(ModelDefect.OpensAfterCommit)]
    [InlineData(ModelDefect.CountsNot)]
    [InlineData(ModelDefect.LooksNotBeforeCommit)]
    public void Without_one_defence_of_open_tags_something_is_stale(ModelDefect defect)
    {
        var first = TestSeed.Next();
        var settings = new ModelSettings(AsOfRule.Instance, WritersDie: true, OpensTags: true, Defect: defect);
        var found = Enumerable.Range(0, 400_000).FirstOrDefault(i => ModelHistory.Run(first + (ulong)i, settings) != (0, 0), -1);
        output.WriteLine($"{defect}: history {found}, of seed {first}.");
        Assert.NotEqual(-1, found);
    }

    // A replay that becomes ready between an old mark, which compaction has removed, and the later mark of the same tag has read neither of
    // them. This occurs in about one of a thousand histories.
    [Fact]
    public void Rule_A_needs_a_compaction_lag_of_more_than_a_replay()
    {
        var first = TestSeed.Next();
        var settings = new ModelSettings(AsOfRule.Instance, CompactsAtOnce: true);
        Assert.Contains(Enumerable.Range(0, 200_000), i => ModelHistory.StaleReads(first + (ulong)i, settings) > 0);
    }

    private int StaleReads(Func<ModelTimes, ModelSettings> settings) => Totals(settings).StaleReads;

    private (int StaleReads, int StaleAtRest) Totals(Func<ModelTimes, ModelSettings> settings)
    {
        var first = TestSeed.Next();
        var (stale, atRest, histories) = (0, 0, 0);
        for (var i = 0; i < Histories; i++)
        {
            var times = new ModelTimes();
            var (reads, left) = ModelHistory.Run(first + (ulong)i, settings(times), times);
            atRest += left;
            if (reads > 0 && histories++ == 0)
                output.WriteLine($"The first stale read is in the history of seed {first + (ulong)i}.");
            stale += reads;
        }

        output.WriteLine($"{Histories} histories from seed {first}: {stale} stale reads in {histories} of them; {atRest} stale at rest.");
        return (stale, atRest);
    }
}
