using System.Globalization;

namespace KafkaCaching.Benchmarks.Soaking;

/// <summary>The settings of a run.</summary>
internal sealed record SoakSettings(TimeSpan Duration, int Seed, int Nodes)
{
    /// <summary>The command that repeats the run with the same faults in the same order, though not at exactly the same times.</summary>
    public string Command => string.Create(
        CultureInfo.InvariantCulture,
        $"dotnet run -c Release --project KafkaCache.Benchmarks -- soak --minutes {Duration.TotalMinutes:0.##} --seed {Seed} --nodes "
        + $"{Nodes}");
}
