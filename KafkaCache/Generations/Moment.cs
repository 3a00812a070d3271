namespace KafkaCaching.Generations;

/// <summary>A moment from which two clocks measure the elapsed time, because neither is sufficient alone: the monotonic clock stops while a
/// virtual machine is suspended, and the wall clock may be set back.</summary>
/// <param name="time">The clock.</param>
/// <param name="ago">How long ago the moment was.</param>
internal sealed class Moment(TimeProvider time, TimeSpan ago = default)
{
    private readonly DateTimeOffset _wall = time.GetUtcNow() - ago;
    private readonly long _timestamp = time.GetTimestamp() - (long)(ago.TotalSeconds * time.TimestampFrequency);

    /// <summary>The longer of the times that the two clocks have measured. If it is too long, because the wall clock was set forward, a
    /// cache is stale for a moment or replays once more than necessary. If it were too short, the cache would serve old data as
    /// current.</summary>
    public TimeSpan Elapsed
    {
        get
        {
            var awake = ElapsedAwake;
            var byWall = time.GetUtcNow() - _wall;
            return byWall > awake ? byWall : awake;
        }
    }

    /// <summary>The elapsed time without suspensions of the machine, for rates and for the durations of the cache's own work.</summary>
    public TimeSpan ElapsedAwake => time.GetElapsedTime(_timestamp);
}
