namespace KafkaCaching.Waiting;

/// <summary>A moment from which two clocks measure the elapsed time, because neither clock is sufficient alone: the monotonic clock stops
/// while a virtual machine is suspended, and the wall clock may be set back.</summary>
/// <param name="time">The clock.</param>
/// <param name="ago">How long ago the moment was.</param>
internal sealed class Moment(TimeProvider time, TimeSpan ago = default)
{
    private readonly DateTimeOffset _wall = time.GetUtcNow() - ago;
    private readonly long _timestamp = time.GetTimestamp() - (long)(ago.TotalSeconds * time.TimestampFrequency);

    /// <summary>The longer of the two measured times. It is too long if the wall clock was set forward, and then a cache may be stale for a
    /// moment or be rebuilt unnecessarily, or a term may end early. If it were too short, old data would count as current.</summary>
    public TimeSpan Elapsed
    {
        get
        {
            var awake = ElapsedAwake;
            var byWall = time.GetUtcNow() - _wall;
            return byWall > awake ? byWall : awake;
        }
    }

    /// <summary>The elapsed time, excluding the time for which the machine was suspended. It is used for rates and for durations of the
    /// cache's own work.</summary>
    public TimeSpan ElapsedAwake => time.GetElapsedTime(_timestamp);
}
