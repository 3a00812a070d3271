namespace KafkaCaching.Jobs.Running;

/// <summary>How a run ended for the instance that made it.</summary>
internal enum RunEnd
{
    Succeeded,
    Failed,

    /// <summary>The run was cut off by its token.</summary>
    Stopped,

    /// <summary>Another instance has taken over the job.</summary>
    Fenced,
}
