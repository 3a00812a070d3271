namespace KafkaCaching;

/// <summary>Thrown when the brokers have refused a write because another writer with the same <see cref="FencedWriterOptions.Id"/> has
/// taken over. No part of the write is visible to readers, and this writer can never write again. Code that catches this exception should
/// give up its task, because the other writer has taken it over.</summary>
public class FencedException : KafkaCacheException
{
    /// <summary>Creates the exception.</summary>
    /// <param name="message">The message. It names the writer that was fenced.</param>
    /// <param name="innerException">The exception of the client.</param>
    public FencedException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }
}
