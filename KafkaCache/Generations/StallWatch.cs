using KafkaCaching.Replay;
using KafkaCaching.Topics;

namespace KafkaCaching.Generations;

/// <summary>Finds a consumer that has fallen silent: the brokers confirm more to read, and the positions stand still. One thread at a time.</summary>
internal sealed class StallWatch(TimeSpan patience, TimeProvider time)
{
    // Doubled each time in vain, so that a link on which one fetch takes long is not cut off again and again before it is done.
    private const int MaxDoublings = 6;

    private readonly Dictionary<int, Standing> _behind = [];
    private int _doublings;
    private long _asked;

    /// <summary>Whether a partition has stood still with more to read since the look before this one.</summary>
    public bool IsStalled { get; private set; }

    /// <returns>Whether it has stood still so long that another consumer is due.</returns>
    public bool Look(Positions positions, LogHead[] heads)
    {
        IsStalled = false;
        var longest = TimeSpan.Zero;
        for (var partition = 0; partition < heads.Length; partition++)
        {
            var position = positions[partition].Position;
            var wasBehind = _behind.TryGetValue(partition, out var standing);
            if (wasBehind && standing.Position != position)
                _doublings = 0;
            if (position >= heads[partition].LastStableOffset)
            {
                _behind.Remove(partition);
                continue;
            }

            if (!wasBehind || standing.Position != position)
            {
                _behind[partition] = new Standing(position, time.GetTimestamp());
                continue;
            }

            IsStalled = true;
            var stood = time.GetElapsedTime(Math.Max(standing.Since, _asked));
            longest = stood > longest ? stood : longest;
        }

        return longest >= patience * (1 << _doublings);
    }

    /// <summary>Another consumer has been asked for, and has its time from here on.</summary>
    public void Asked()
    {
        _doublings = Math.Min(_doublings + 1, MaxDoublings);
        _asked = time.GetTimestamp();
    }

    private readonly record struct Standing(long Position, long Since);
}
