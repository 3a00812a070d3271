namespace KafkaCaching.Jobs;

/// <summary>A refresh has failed, and the previous version continues to be served. The message states the reason.</summary>
public class RefreshFailedException : InvalidOperationException
{
    /// <summary>Creates the exception.</summary>
    /// <param name="message">The reason.</param>
    /// <param name="innerException">The cause, if the refresh failed in this instance.</param>
    public RefreshFailedException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }
}
