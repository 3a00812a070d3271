namespace KafkaCaching.EntityFrameworkCore.ChangeStreams;

/// <summary>A source that can't be read as it is set up. The message says what mends it.</summary>
internal sealed class ChangeSourceException(string message, Exception? innerException = null) : Exception(message, innerException);
