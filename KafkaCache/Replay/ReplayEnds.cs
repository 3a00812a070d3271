namespace KafkaCaching.Replay;

/// <summary>Chooses the end of a loop that has several reasons to end.</summary>
internal static class ReplayEnds
{
    /// <summary>Returns the more serious of two ends. In particular, another end must not replace <see cref="ReplayEnd.LogChanged"/>: when
    /// the log is read next, it may have grown beyond the position, and the change could then no longer be detected.</summary>
    public static ReplayEnd? MoreSerious(ReplayEnd? one, ReplayEnd? other) => one > other ? one : other ?? one;
}
