namespace KafkaCaching.Jobs;

/// <summary>A refresh has failed, and the version before it stays. The message says why.</summary>
public class RefreshFailedException : InvalidOperationException
{
    /// <summary>Creates the exception.</summary>
    /// <param name="message">Why.</param>
    /// <param name="innerException">The cause, if it happened in this instance.</param>
    public RefreshFailedException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }
}
