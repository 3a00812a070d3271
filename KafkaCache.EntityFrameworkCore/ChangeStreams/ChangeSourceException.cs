namespace KafkaCaching.EntityFrameworkCore;

/// <summary>A source that can't be read as it is set up. The relay logs the message and tries again after a second.</summary>
/// <param name="message">What is wrong, and what mends it. It has no value of a row and no secret.</param>
/// <param name="innerException">What led to it, if anything did.</param>
public sealed class ChangeSourceException(string message, Exception? innerException = null) : Exception(message, innerException);
