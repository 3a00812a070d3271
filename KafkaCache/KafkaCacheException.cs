namespace KafkaCaching;

/// <summary>The base class of this library's own exceptions: <see cref="CacheNotReadyException"/>, <see cref="CacheFaultedException"/>,
/// <see cref="TopicChangedException"/>, <see cref="TopicRequirementsException"/>, <see cref="RecordErrorException"/>,
/// <see cref="PutException"/>, <see cref="FencedException"/>, <see cref="WatchOverflowException"/>, and those of the packages that extend
/// it. The messages that the library writes never quote a key or a value.</summary>
public abstract class KafkaCacheException : InvalidOperationException
{
    /// <summary>Creates the exception.</summary>
    /// <param name="message">What happened and what to do, without a key or a value.</param>
    /// <param name="innerException">The cause.</param>
    protected KafkaCacheException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }
}
