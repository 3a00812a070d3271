namespace KafkaCaching.Jobs.Running;

/// <summary>How a run ended for the instance that made it.</summary>
internal enum RunEnd
{
    Succeeded,
    Failed,

    /// <summary>It was cut off by its token.</summary>
    Stopped,

    /// <summary>Another instance has taken over.</summary>
    Fenced,
}
