using System.Diagnostics;
using System.Globalization;

namespace KafkaCaching.Benchmarks.Hybrids;

/// <summary>Measures the first read of a key in a pod, after another pod has filled the key. The contenders with Redis read the value from
/// Redis. A pod of KafkaCache already has the bytes in its memory, and only decodes them.</summary>
internal static class FirstReads
{
    private const int Keys = 2_000;

    // Keys that are put last. When a pod has all of them, it has applied everything before them in each partition.
    private const int Sentinels = 64;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <returns>The duration of one read, in microseconds.</returns>
    public static async Task<double> MeasureAsync(HybridContender contender, int round)
    {
        string[] keys = [.. Enumerable.Range(0, Keys).Select(key => Name("first", round, key))];
        var (writer, reader) = (contender.Instances[0], contender.Instances[1]);
        await Task.WhenAll(
            keys.Select((key, number) => writer.GetOrCreateAsync(key, _ => ValueTask.FromResult(Samples.User(number))).AsTask()));

        // Fills are written in the background. A third pod is used to wait for all keys, so that the reader's measured reads are its first.
        await AwaitAsync(contender.Instances[2], keys);
        string[] sentinels = [.. Enumerable.Range(0, Sentinels).Select(key => Name("sentinel", round, key))];
        await Task.WhenAll(sentinels.Select(key => writer.SetAsync(key, Samples.User(0)).AsTask()));
        await AwaitAsync(reader, sentinels);
        new Random(round).Shuffle(keys);

        var started = Stopwatch.GetTimestamp();
        foreach (var key in keys)
            await reader.HitAsync(key);
        return Stopwatch.GetElapsedTime(started).TotalMicroseconds / Keys;
    }

    private static async Task AwaitAsync(IHybridInstance pod, string[] keys)
    {
        var started = Stopwatch.GetTimestamp();
        foreach (var key in keys)
        {
            while (await pod.ReadAsync(key) is null)
            {
                if (Stopwatch.GetElapsedTime(started) > Patience)
                    throw new InvalidOperationException($"What one pod has stored has not come to another after {Patience}.");
                await Task.Yield();
            }
        }
    }

    private static string Name(string kind, int round, int key) => string.Create(CultureInfo.InvariantCulture, $"{kind}/{round}/{key}");
}
