namespace KafkaCaching;

/// <summary>Thrown for a put that did not end as requested. <see cref="Outcome"/> says what is known about the record.</summary>
public class PutException : KafkaCacheException
{
    /// <summary>Creates the exception.</summary>
    /// <param name="message">What happened and what to do. It never contains the key or the value.</param>
    /// <param name="outcome">What is known about the record.</param>
    /// <param name="result">Where the record is, if the outcome is <see cref="PutOutcome.Committed"/>.</param>
    /// <param name="innerException">The cause.</param>
    public PutException(string message, PutOutcome outcome, PutResult? result = null, Exception? innerException = null)
        : base(message, innerException)
    {
        Outcome = outcome;
        Result = result;
    }

    /// <summary>Why the put was refused because of its content; <see langword="null"/> if it failed for another reason.</summary>
    public PutRefusal? Refusal { get; init; }

    /// <summary>What is known about the record: it is in the log, it is not in the log, or neither is certain.</summary>
    public PutOutcome Outcome { get; }

    /// <summary>Where the record is, if <see cref="Outcome"/> is <see cref="PutOutcome.Committed"/>; otherwise
    /// <see langword="null"/>.</summary>
    public PutResult? Result { get; }
}
