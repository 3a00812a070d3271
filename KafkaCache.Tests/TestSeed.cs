using System.Globalization;

namespace KafkaCaching.Tests;

/// <summary>The seed of a random test, printed; <c>KAFKACACHE_TEST_SEED</c> plays one again.</summary>
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
