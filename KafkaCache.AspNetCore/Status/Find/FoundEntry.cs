namespace KafkaCaching.AspNetCore.Status.Find;

/// <summary>An entry for display: the value is indented JSON, text, or base64 if it is neither.</summary>
internal sealed record FoundEntry(string Value, FoundFormat Format, CachePosition Position, DateTimeOffset Timestamp);

internal enum FoundFormat
{
    Json,
    Text,
    Base64,
}
