namespace KafkaCaching.Jobs;

/// <summary>How to handle scheduled times at which a job did not run, because no instance was running or the previous run took too long,
/// and a run that was cut off.</summary>
public enum MissedRuns
{
    /// <summary>One run makes up for all missed times, immediately. Its scheduled time is the latest of them.</summary>
    Once,

    /// <summary>Missed times are skipped. A run that was cut off is not repeated.</summary>
    Skip,

    /// <summary>Each missed time is made up for, one after the other, beginning with the earliest.</summary>
    All,
}
