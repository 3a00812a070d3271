namespace KafkaCaching.Jobs;

/// <summary>How to handle scheduled times at which a job did not run, because no instance was running or the previous run took too long,
/// and what to do after a run that was cut off.</summary>
public enum MissedRuns
{
    /// <summary>One run starts immediately and makes up for all missed times. Its scheduled time is the latest of them.</summary>
    Once,

    /// <summary>Missed times are skipped. A run that was cut off is not repeated.</summary>
    Skip,

    /// <summary>Each missed time gets its own run, one after the other, beginning with the earliest.</summary>
    All,
}
