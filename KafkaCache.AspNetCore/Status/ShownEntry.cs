using KafkaCaching.AspNetCore.Status.Find;

namespace KafkaCaching.AspNetCore.Status;

/// <summary>An entry whose value is truncated to a length that a browser can show.</summary>
internal sealed record ShownEntry(
    string Value, FoundFormat Format, int Length, bool IsCut, string Position, DateTimeOffset Timestamp, double AgeSeconds)
{
    private const int MaxValueLength = 100_000;

    public static ShownEntry Of(FoundEntry found, DateTimeOffset now)
    {
        var isCut = found.Value.Length > MaxValueLength;
        return new ShownEntry(
            isCut ? Cut(found.Value) : found.Value,
            found.Format,
            found.Value.Length,
            isCut,
            found.Position.ToString(),
            found.Timestamp,
            (now - found.Timestamp).TotalSeconds);
    }

    // Avoids splitting a surrogate pair.
    private static string Cut(string value) =>
        value[..(char.IsHighSurrogate(value[MaxValueLength - 1]) ? MaxValueLength - 1 : MaxValueLength)];
}
