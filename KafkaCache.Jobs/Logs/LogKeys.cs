using System.Globalization;

namespace KafkaCaching.Jobs.Logs;

/// <summary>The keys of log lines: job, run and line number. Run IDs increase with time, so the keys of a job sort in the order of its
/// runs.</summary>
internal static class LogKeys
{
    public static string Job(string job) => $"{job}/";

    public static string Run(string job, string run) => $"{job}/{run}/";

    public static string Line(string job, string run, long number) =>
        string.Create(CultureInfo.InvariantCulture, $"{job}/{run}/{number:D12}");
}
