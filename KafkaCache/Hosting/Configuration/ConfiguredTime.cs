using System.Globalization;

namespace KafkaCaching.Hosting.Configuration;

/// <summary>The format of durations in the configuration.</summary>
internal static class ConfiguredTime
{
    public const string Form = "hours:minutes:seconds, as in 00:00:30, with days before a dot, as in 2.00:00:00";

    // TimeSpan.TryParse would read 30 as 30 days and 48:00:00 as 48 days, which is never intended.
    public static TimeSpan? Read(string text) =>
        text.Contains(':', StringComparison.Ordinal) && TimeSpan.TryParseExact(text, "c", CultureInfo.InvariantCulture, out var time)
            ? time
            : null;
}
