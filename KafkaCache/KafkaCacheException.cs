namespace KafkaCaching;

/// <summary>The base class of this library's own exceptions: <see cref="CacheNotReadyException"/>, <see cref="CacheFaultedException"/>,
/// <see cref="TopicChangedException"/>, <see cref="TopicRequirementsException"/>, <see cref="RecordErrorException"/>,
/// <see cref="PutException"/> and <see cref="FencedException"/>, and those of the packages beside it. None of them quotes a key or a value
/// of its own accord.</summary>
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
