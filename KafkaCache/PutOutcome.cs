namespace KafkaCaching;

/// <summary>What is known of a put that did not end well. Exactly one of three, never a guess.</summary>
public enum PutOutcome
{
    /// <summary>The record is in the log, at <see cref="PutException.Result"/>; only the wait for its apply ended.</summary>
    Committed,

    /// <summary>The record is not in the log and will not appear there. Trying again is safe.</summary>
    NotCommitted,

    /// <summary>The record may be in the log or not, and may still appear there.</summary>
    Unknown,
}
