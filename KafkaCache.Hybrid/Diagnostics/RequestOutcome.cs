namespace KafkaCaching.Hybrid.Diagnostics;

/// <summary>How a request for a value ended. The names in lower case are the values of the tag <c>outcome</c>.</summary>
internal enum RequestOutcome
{
    /// <summary>The value was in memory.</summary>
    Hit,

    /// <summary>The factory ran, or there was no value and no factory to run.</summary>
    Miss,

    /// <summary>The value came from the factory of another caller in this process.</summary>
    Coalesced,

    /// <summary>The value came from the factory of another pod.</summary>
    Claimed,

    /// <summary>The factory failed, and an expired entry was returned.</summary>
    Stale,

    /// <summary>The factory failed, and so did the request.</summary>
    Failed,

    /// <summary>The factory ran without the cache: the cache could not be read, or the key is not allowed.</summary>
    Bypassed,
}
