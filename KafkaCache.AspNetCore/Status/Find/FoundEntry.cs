namespace KafkaCaching.AspNetCore.Status.Find;

/// <summary>An entry as it may be shown: the value as text (indented if it is JSON), or in base64 if it is not text.</summary>
internal sealed record FoundEntry(string Value, FoundFormat Format, CachePosition Position, DateTimeOffset Timestamp);

internal enum FoundFormat
{
    Json,
    Text,
    Base64,
}
