using System.Globalization;

namespace KafkaCaching.Benchmarks.Hybrids;

/// <summary>Creates the values that the contenders cache.</summary>
internal static class Samples
{
    /// <summary>The exception of a factory that should not have run.</summary>
    public static InvalidOperationException NoHit => new("A read that finds its entry ran its factory.");

    public static MutableUser MutableUser(int number) => new()
    {
        Email = string.Create(CultureInfo.InvariantCulture, $"user-{number}@example.com"),
        DisplayName = string.Create(CultureInfo.InvariantCulture, $"User Number {number}"),
    };

    public static User User(int number) => new(
        new Guid(number, 0, 0, [0, 0, 0, 0, 0, 0, 0, 1]), string.Create(CultureInfo.InvariantCulture, $"user-{number}@example.com"),
        string.Create(CultureInfo.InvariantCulture, $"User Number {number}"), ["readers", "writers"]);
}
