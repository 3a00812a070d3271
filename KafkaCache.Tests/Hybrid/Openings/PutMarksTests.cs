using KafkaCaching.Hybrid.Openings;
using KafkaCaching.Hybrid.Validity;

namespace KafkaCaching.Tests.Hybrid.Openings;

/// <summary>The positions up to which a process has put marks, when its topic changes.</summary>
public sealed class PutMarksTests
{
    [Fact]
    public void A_mark_put_just_after_a_rebuild_is_not_taken_for_one_of_the_topic_before()
    {
        var cache = LateWait.In(CachePhase.Ready);
        using var watch = new TopicWatch(cache, new FakeTimeProvider());
        var marks = new PutMarks(watch);
        marks.Note(new CachePosition(0, 5_000));
        Assert.Equal([5_001], marks.Positions()!.Positions);

        LateWait.Rebuilt(cache);
        marks.Note(new CachePosition(0, 3));

        Assert.Equal([4], marks.Positions()!.Positions);
    }
}
