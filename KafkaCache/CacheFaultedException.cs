namespace KafkaCaching;

/// <summary>Thrown when the cache has ended because of an error. The error is the <see cref="Exception.InnerException"/>.</summary>
public class CacheFaultedException : KafkaCacheException
{
    /// <summary>Creates the exception.</summary>
    /// <param name="message">The message. It names the cache and says why the cache faulted.</param>
    /// <param name="innerException">The cause.</param>
    public CacheFaultedException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
