namespace KafkaCaching.EntityFrameworkCore;

/// <summary>A source can't be read with its current setup. The relay tries again after a second. It logs a repeated message only
/// once.</summary>
/// <param name="message">What is wrong, and how to fix it. It contains no value of a row and no secret.</param>
/// <param name="innerException">The cause, if there is one.</param>
public sealed class ChangeSourceException(string message, Exception? innerException = null) : Exception(message, innerException);
