using System.Text.Json.Serialization;

namespace KafkaCaching.Encodings.Json;

/// <summary>Detects numbers that are written as strings but not read from strings.</summary>
internal static class NumberText
{
    public const string What = "writes numbers as strings but reads no numbers from strings.";
    public const string Mend = "Add JsonNumberHandling.AllowReadingFromString";

    public static bool IsNeverRead(JsonNumberHandling? handling) =>
        handling is { } set && set.HasFlag(JsonNumberHandling.WriteAsString) && !set.HasFlag(JsonNumberHandling.AllowReadingFromString);
}
