using System.CommandLine;

namespace KafkaCaching.Benchmarks.Churning;

/// <summary>The options of the verbs that churn a store.</summary>
internal static class ChurnOptions
{
    public static Option<int> Rounds(int fallback) =>
        CommandOptions.Count("--rounds", fallback, "Rounds of as many writes as there are keys.");

    public static Option<int> Keys() => CommandOptions.Count("--keys", 200_000, "Keys that are written, one in ten times deleted.");

    public static Option<int> Seed() => CommandOptions.Count(
        "--seed", Environment.TickCount, "Makes the same keys, sizes and deletes again. Default: another each time.");
}
