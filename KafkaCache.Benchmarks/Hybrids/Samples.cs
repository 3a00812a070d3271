using System.Globalization;

namespace KafkaCaching.Benchmarks.Hybrids;

/// <summary>The values of a run.</summary>
internal static class Samples
{
    public static User User(int number) => new(
        new Guid(number, 0, 0, [0, 0, 0, 0, 0, 0, 0, 1]), string.Create(CultureInfo.InvariantCulture, $"user-{number}@example.com"),
        string.Create(CultureInfo.InvariantCulture, $"User Number {number}"), ["readers", "writers"]);
}
