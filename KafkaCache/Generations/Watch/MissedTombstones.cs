using KafkaCaching.Replay;
using KafkaCaching.Topics;
using KafkaCaching.Waiting;

namespace KafkaCaching.Generations.Watch;

/// <summary>Measures for how long a generation has been behind. The cleaner keeps a tombstone for at least <c>delete.retention.ms</c>,
/// counted from its first pass over the tombstone (KIP-534). A value that the replay read was still in the log at the time of the read. Its
/// tombstone can therefore be missed only if the replay takes longer than <c>delete.retention.ms</c> to get from the value to the
/// tombstone. Only one thread may use an instance at a time.</summary>
internal sealed class MissedTombstones(Moment started, TimeProvider time)
{
    private readonly Dictionary<int, Mark> _marks = [];
    private Moment _lookedBefore = started;

    /// <summary>Returns the longest time for which any partition may have been behind. Everything that was written longer ago has been
    /// read.</summary>
    /// <param name="positions">The positions of the partitions.</param>
    /// <param name="ends">The ends that the brokers reported.</param>
    /// <param name="asked">When the brokers were asked.</param>
    /// <param name="hasAll">Whether these are the ends of all partitions of the topic.</param>
    public TimeSpan LongestBehind(Positions positions, LogEnd[] ends, Moment asked, bool hasAll)
    {
        var longest = TimeSpan.Zero;
        for (var partition = 0; partition < ends.Length; partition++)
        {
            // The end is the last stable offset, because nothing beyond it can be read, and nothing beyond it is compacted.
            if (!_marks.TryGetValue(partition, out var mark))
                mark = new Mark(CaughtUp: _lookedBefore, End: positions[partition].Target, Taken: _lookedBefore);
            if (positions[partition].Position >= mark.End)
                mark = new Mark(CaughtUp: mark.Taken, End: ends[partition].LastStableOffset, Taken: asked);
            _marks[partition] = mark;
            var behind = mark.CaughtUp.Elapsed;
            longest = behind > longest ? behind : longest;
        }

        // If the topic has a partition whose end is not reported until the next check, that partition may have received records since the
        // previous check.
        if (hasAll)
            _lookedBefore = asked;
        return longest;
    }

    /// <summary>Called when the lag so far has been reported. Restarts the measurement.</summary>
    public void Accept()
    {
        var now = new Moment(time);
        foreach (var (partition, mark) in _marks)
            _marks[partition] = mark with { CaughtUp = now, Taken = now };
    }

    private readonly record struct Mark(Moment CaughtUp, long End, Moment Taken);
}
