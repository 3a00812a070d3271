using KafkaCaching.Replay;
using KafkaCaching.Topics;

namespace KafkaCaching.Generations.Watch;

/// <summary>
/// Knows since when a generation has been behind. The cleaner keeps a tombstone for <c>delete.retention.ms</c> at least, counted from when
/// it first came by (KIP-534), and a value that was read here stood in the log then: so its tombstone can be missed only by who takes
/// longer than that to get from the one to the other. One thread at a time.
/// </summary>
internal sealed class MissedTombstones(long started, TimeProvider time)
{
    private readonly Dictionary<int, Mark> _marks = [];
    private long _lookedBefore = started;

    /// <summary>For how long a partition may have been behind: nothing that was written before is unread.</summary>
    /// <param name="positions">Where the partitions are.</param>
    /// <param name="ends">What the brokers said.</param>
    /// <param name="asked">When they were asked, by the clock's own timestamps.</param>
    public TimeSpan LongestBehind(Positions positions, LogEnd[] ends, long asked)
    {
        var longest = TimeSpan.Zero;
        for (var partition = 0; partition < ends.Length; partition++)
        {
            // Up to the last stable offset: beyond it nothing can be read, and nothing is cleaned.
            if (!_marks.TryGetValue(partition, out var mark))
                mark = new Mark(CaughtUp: _lookedBefore, End: positions[partition].Target, Taken: _lookedBefore);
            if (positions[partition].Position >= mark.End)
                mark = new Mark(CaughtUp: mark.Taken, End: ends[partition].LastStableOffset, Taken: asked);
            _marks[partition] = mark;
            var behind = time.GetElapsedTime(mark.CaughtUp);
            longest = behind > longest ? behind : longest;
        }

        _lookedBefore = asked;
        return longest;
    }

    /// <summary>What was behind has been told; it counts from here on.</summary>
    public void Accept()
    {
        var now = time.GetTimestamp();
        foreach (var (partition, mark) in _marks)
            _marks[partition] = mark with { CaughtUp = now, Taken = now };
    }

    private readonly record struct Mark(long CaughtUp, long End, long Taken);
}
