using System.Globalization;

namespace KafkaCaching.Benchmarks.Soaking;

/// <summary>What a run is told.</summary>
internal sealed record SoakSettings(TimeSpan Duration, int Seed, int Nodes)
{
    /// <summary>The line that plays the same run again: the same faults in the same order, though not to the millisecond.</summary>
    public string Command => string.Create(
        CultureInfo.InvariantCulture,
        $"dotnet run -c Release --project KafkaCache.Benchmarks -- soak --minutes {Duration.TotalMinutes:0.##} --seed {Seed} --nodes "
        + $"{Nodes}");
}
