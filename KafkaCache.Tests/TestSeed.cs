using System.Globalization;

namespace KafkaCaching.Tests;

/// <summary>Creates and prints the seed of a random test. Set <c>KAFKACACHE_TEST_SEED</c> to repeat a run.</summary>
internal static class TestSeed
{
    public static ulong Next()
    {
        var given = Environment.GetEnvironmentVariable("KAFKACACHE_TEST_SEED");
        var seed = given is null ? (ulong)Random.Shared.NextInt64() : ulong.Parse(given, CultureInfo.InvariantCulture);
        TestContext.Current.TestOutputHelper?.WriteLine($"KAFKACACHE_TEST_SEED={seed}");
        return seed;
    }
}
