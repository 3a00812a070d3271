using System.Globalization;
using System.Text;
using System.Text.Json;
using KafkaCaching.Tests.Brokers;

namespace KafkaCaching.Tests.Replay;

public sealed class ConsoleProducerFoldTests(RealBrokerFixture real)
{
    private const int Keys = 60_000;
    private const int Overwrites = 22_000;
    private const int Tombstones = 5_000;
    private const int Revivals = 3_000;

    [Fact]
    public async Task Ninety_thousand_records_of_Kafkas_own_console_producer_are_folded_exactly()
    {
        var kafka = await real.ConnectAsync();
        var release = RealBrokerFixture.RequireRelease();
        var seed = Random.Shared.Next();
        TestContext.Current.TestOutputHelper?.WriteLine($"seed {seed}");
        var random = new Random(seed);
        var topic = await kafka.CreateTopicAsync(partitions: 4);

        var expected = new Dictionary<string, string>(StringComparer.Ordinal);
        using var lines = new MemoryStream(150 << 20);
        foreach (var (key, value) in History(random))
        {
            lines.Write(Encoding.UTF8.GetBytes($"{key}{ConsoleProducer.KeySeparator}{value ?? ConsoleProducer.NullMarker}\n"));
            if (value is null)
                expected.Remove(key);
            else
                expected[key] = value;
        }

        lines.Position = 0;
        await ConsoleProducer.RunAsync(release, kafka.BootstrapServers, topic, lines);

        await using var cache = KafkaCache.Create(TestCaches.Options<string, JsonElement>(
            kafka.BootstrapServers, topic, static o => o.ReadyTimeout = TimeSpan.FromMinutes(1)));
        await cache.WaitUntilReadyAsync(TestContext.Current.CancellationToken);

        Assert.Equal(90_000, cache.Status.RecordsApplied);
        Assert.Equal(expected.Count, cache.Count);
        foreach (var (key, value) in expected)
            Assert.Equal(value, cache.Get(key).GetRawText());
        var scanned = cache.Content();
        Assert.Equal(expected.Count, scanned.Count);
        foreach (var (key, value) in scanned)
            Assert.Equal(expected[key], value.GetRawText());
        Assert.False(cache.TryGet("key-absent", out _));
        Assert.False(cache.TryGet("", out _));
    }

    // Writes every key once, many of them again with another size, removes some, and writes some of these again.
    private static IEnumerable<(string Key, string? Value)> History(Random random)
    {
        for (var i = 0; i < Keys; i++)
            yield return (Key(i), Value(random, i));
        for (var i = 0; i < Overwrites; i++)
        {
            var key = random.Next(Keys);
            yield return (Key(key), Value(random, key));
        }

        var deleted = Enumerable.Range(0, Keys).ToArray();
        random.Shuffle(deleted);
        for (var i = 0; i < Tombstones; i++)
            yield return (Key(deleted[i]), null);
        for (var i = 0; i < Revivals; i++)
            yield return (Key(deleted[i]), Value(random, deleted[i]));
    }

    private static string Key(int number) => string.Create(CultureInfo.InvariantCulture, $"key-{number:x8}-{number % 97}");

    // Returns a value of 100 bytes to 3 KB, mostly small, with non-ASCII text.
    private static string Value(Random random, int number)
    {
        var size = random.Next(4) == 0 ? random.Next(100, 3_000) : random.Next(100, 400);
        var value = new StringBuilder(size)
            .Append(CultureInfo.InvariantCulture, $$"""{"id":{{number}},"name":"Zoë 日本 {{random.Next()}}","groups":[""");
        while (value.Length < size - 20)
            value.Append(CultureInfo.InvariantCulture, $"{random.Next()},");
        return value.Append("0]}").ToString();
    }
}
