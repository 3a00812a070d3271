using System.Text;
using KafkaCaching.Jobs.Tables;

namespace KafkaCaching.Jobs.State;

/// <summary>The keys of the table of all jobs. The name of a job can't contain a slash.</summary>
internal static class JobKeys
{
    private const string Runs = "runs/";

    public static string State(string job) => $"state/{job}/";

    public static string RunsOf(string job) => Runs + job;

    public static byte[] Barrier(string job) => Encoding.ASCII.GetBytes($"{ReservedKeys.Barrier}/{job}");

    /// <summary>The names of all jobs that have run.</summary>
    public static IEnumerable<string> Jobs(IReadOnlyKafkaCache<string, TableValue> table) =>
        table.ScanPrefix(Runs).Select(static one => one.Key[Runs.Length..]);
}
