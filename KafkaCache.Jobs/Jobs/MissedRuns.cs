namespace KafkaCaching.Jobs;

/// <summary>What happens with the times of a job's schedule at which it did not run, because no instance was there or the run before took
/// too long, and with a run that was cut off.</summary>
public enum MissedRuns
{
    /// <summary>One run makes up for all of them, at once. It is for the latest of the times.</summary>
    Once,

    /// <summary>They are left out. A run that was cut off is not made again.</summary>
    Skip,

    /// <summary>Each is made up for, one after the other, the earliest first.</summary>
    All,
}
