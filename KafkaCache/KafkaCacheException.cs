namespace KafkaCaching;

/// <summary>The base class of this library's own exceptions: <see cref="CacheNotReadyException"/>, <see cref="CacheFaultedException"/>,
/// <see cref="TopicChangedException"/>, <see cref="TopicRequirementsException"/>, <see cref="RecordErrorException"/>,
/// <see cref="PutException"/> and <see cref="FencedException"/>. None of them quotes a key or a value of its own accord.</summary>
public abstract class KafkaCacheException : InvalidOperationException
{
    private protected KafkaCacheException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }
}
