namespace KafkaCaching;

/// <summary>Reports a record that could not be used, and its position. It never holds the payload or an inner exception, which might quote
/// the payload.</summary>
public class RecordErrorException : KafkaCacheException
{
    /// <summary>Creates the exception.</summary>
    /// <param name="message">What is wrong, without any part of the payload.</param>
    /// <param name="partition">The partition of the record.</param>
    /// <param name="offset">The offset of the record.</param>
    /// <param name="reason">The category of the problem.</param>
    public RecordErrorException(string message, int partition, long offset, RecordErrorReason reason)
        : base(message)
    {
        Partition = partition;
        Offset = offset;
        Reason = reason;
    }

    /// <summary>Whether the library created the exception. User code may create such an exception too, with any message and for any
    /// record.</summary>
    internal bool IsOwn { get; init; }

    /// <summary>The partition of the record.</summary>
    public int Partition { get; }

    /// <summary>The offset of the record.</summary>
    public long Offset { get; }

    /// <summary>What is wrong with the record.</summary>
    public RecordErrorReason Reason { get; }
}
