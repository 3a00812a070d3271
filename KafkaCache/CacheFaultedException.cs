namespace KafkaCaching;

/// <summary>The cache has ended because of an error, which is the <see cref="Exception.InnerException"/>.</summary>
public class CacheFaultedException : KafkaCacheException
{
    /// <summary>Makes the exception.</summary>
    /// <param name="message">Which cache, and why it faulted.</param>
    /// <param name="innerException">The cause.</param>
    public CacheFaultedException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
