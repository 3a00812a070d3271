namespace KafkaCaching.Replay;

/// <summary>Which end a loop comes to when it has several reasons at once.</summary>
internal static class ReplayEnds
{
    /// <summary>Above all a changed log is not passed over for another end: the log may have grown beyond the position when it is read
    /// next, and then nothing tells any more.</summary>
    public static ReplayEnd? Graver(ReplayEnd? one, ReplayEnd? other) => one > other ? one : other ?? one;
}
