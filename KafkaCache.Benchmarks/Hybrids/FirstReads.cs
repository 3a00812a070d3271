using System.Diagnostics;
using System.Globalization;

namespace KafkaCaching.Benchmarks.Hybrids;

/// <summary>Measures the first read of a key in a pod, after another pod has filled the key. The contenders with Redis find it in Redis. A
/// pod that follows a topic has it in its memory already, and decodes it.</summary>
internal static class FirstReads
{
    private const int Keys = 2_000;

    // The sentinels are put last. A pod that has all of them has applied everything before them in each partition.
    private const int Sentinels = 64;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <returns>The duration of one read, in microseconds.</returns>
    public static async Task<double> MeasureAsync(HybridContender contender, int round)
    {
        string[] keys = [.. Enumerable.Range(0, Keys).Select(key => Name("first", round, key))];
        var (writer, reader) = (contender.Instances[0], contender.Instances[1]);
        await Task.WhenAll(
            keys.Select((key, number) => writer.GetOrCreateAsync(key, _ => ValueTask.FromResult(Samples.User(number))).AsTask()));

        // A fill is written in the background. A third pod shows that all keys have arrived, so that the reader's own reads are its first.
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
