namespace KafkaCaching;

/// <summary>A put that did not end as asked. <see cref="Outcome"/> says what is known of the record.</summary>
public class PutException : KafkaCacheException
{
    /// <summary>Makes the exception.</summary>
    /// <param name="message">What happened and what to do; never the key or the value.</param>
    /// <param name="outcome">What is known of the record.</param>
    /// <param name="result">Where the record is, when the outcome is <see cref="PutOutcome.Committed"/>.</param>
    /// <param name="innerException">The cause.</param>
    public PutException(string message, PutOutcome outcome, PutResult? result = null, Exception? innerException = null)
        : base(message, innerException)
    {
        Outcome = outcome;
        Result = result;
    }

    /// <summary>Why the put itself was refused, where it was; <see langword="null"/> for what was met on the way.</summary>
    public PutRefusal? Refusal { get; init; }

    /// <summary>What is known of the record: in the log, not in the log, or unknown.</summary>
    public PutOutcome Outcome { get; }

    /// <summary>Where the record is, when <see cref="Outcome"/> is <see cref="PutOutcome.Committed"/>; else
    /// <see langword="null"/>.</summary>
    public PutResult? Result { get; }
}
