namespace KafkaCaching.Hybrid.Diagnostics;

/// <summary>How a request for a value ended. The names in lower case are the values of the tag <c>outcome</c>.</summary>
internal enum RequestOutcome
{
    /// <summary>The value was in memory.</summary>
    Hit,

    /// <summary>The factory ran, or there was none to run.</summary>
    Miss,

    /// <summary>The factory of another caller in this process gave the value.</summary>
    Coalesced,

    /// <summary>The factory of another pod gave the value.</summary>
    Claimed,

    /// <summary>The factory failed, and an expired entry was returned.</summary>
    Stale,

    /// <summary>The factory failed, and so did the request.</summary>
    Failed,

    /// <summary>The factory ran without the cache: it was not readable, or the key is not allowed.</summary>
    Bypassed,
}
