namespace KafkaCaching;

/// <summary>The brokers refused a write because another writer with the same <see cref="FencedWriterOptions.Id"/> has taken over. Nothing
/// of the write is visible to anyone, and this writer can never write again. Whoever gets it gives up what it was doing: the other one does
/// it now.</summary>
public class FencedException : KafkaCacheException
{
    /// <summary>Creates the exception.</summary>
    /// <param name="message">Which writer was fenced.</param>
    /// <param name="innerException">What the client reported.</param>
    public FencedException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }
}
