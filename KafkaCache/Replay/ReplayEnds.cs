namespace KafkaCaching.Replay;

/// <summary>Chooses the end of a loop that has several reasons to end.</summary>
internal static class ReplayEnds
{
    /// <summary>Returns the more serious of two ends. In particular, a changed log must not be replaced by another end: the log may have
    /// grown beyond the position when it is read next, and the change could then no longer be detected.</summary>
    public static ReplayEnd? MoreSerious(ReplayEnd? one, ReplayEnd? other) => one > other ? one : other ?? one;
}
