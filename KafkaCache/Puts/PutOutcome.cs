namespace KafkaCaching;

/// <summary>What is known about a put that failed. If it can't be determined whether the record is in the log, the outcome is
/// <see cref="PutOutcome.Unknown"/>.</summary>
public enum PutOutcome
{
    /// <summary>The record is in the log, at <see cref="PutException.Result"/>. Only the wait until it was applied ended early.</summary>
    Committed,

    /// <summary>The record is not in the log and will not appear there, because the cache or a broker refused it. Trying again is
    /// safe.</summary>
    NotCommitted,

    /// <summary>The record may or may not be in the log, and may still appear there. Every put that timed out has this outcome, even if no
    /// broker was up: the client does not report whether the record was ever sent.</summary>
    Unknown,
}
