namespace KafkaCaching;

/// <summary>What is known of a put that did not end well. Exactly one of three, never a guess.</summary>
public enum PutOutcome
{
    /// <summary>The record is in the log, at <see cref="PutException.Result"/>; only the wait for its apply ended.</summary>
    Committed,

    /// <summary>The record is not in the log and will not appear there: it was refused, by the cache or by a broker. Trying again is
    /// safe.</summary>
    NotCommitted,

    /// <summary>The record may be in the log or not, and may still appear there. Every put whose time ran out is one, also where no broker
    /// was up: the client doesn't tell whether it was ever sent.</summary>
    Unknown,
}
