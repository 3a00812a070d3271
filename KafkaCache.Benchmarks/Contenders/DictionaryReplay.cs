using System.Collections.Concurrent;

namespace KafkaCaching.Benchmarks.Contenders;

/// <summary>A handwritten replay: a loop that fills a dictionary.</summary>
internal static class DictionaryReplay
{
    public static Measurement Run<TValue>(ReplayRun run, int? queueBackoffMs, Func<byte[], TValue> decode, Func<TValue, byte[]> encode)
        where TValue : class
    {
        var values = new ConcurrentDictionary<string, TValue>(StringComparer.Ordinal);
        var measurement = Measurement.Of(run, () => HandWrittenLoop.Run(run, queueBackoffMs, message =>
        {
            if (message.Value is null)
                values.TryRemove(message.Key, out _);
            else
                values[message.Key] = decode(message.Value);
        }));
        run.CheckCount(values.Count);
        run.CheckValues(key => values.TryGetValue(key, out var value) ? encode(value) : null);
        return measurement;
    }
}
