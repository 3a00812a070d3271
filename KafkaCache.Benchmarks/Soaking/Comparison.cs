using System.Globalization;

namespace KafkaCaching.Benchmarks.Soaking;

/// <summary>Compares an idle instance with the fold of its log: every key with a Get, every entry of a scan, and the count. The record of
/// an entry below the log start was deleted after it was applied. An instance may or may not still have such an entry, so it is counted but
/// not compared.</summary>
internal sealed class Comparison(SoakTopic topic, LogFold fold, Violations violations)
{
    private const int Told = 3;

    private int _differences;

    /// <summary>The number of entries whose records are no longer in the log.</summary>
    public int Older { get; private set; }

    /// <returns>Whether the instance has exactly the entries of the fold.</returns>
    public bool With(KafkaCache<string, SoakValue> cache)
    {
        _differences = 0;
        foreach (var key in topic.Log.Now.Keys)
            CompareGet(cache, key);
        CompareScan(cache);
        return _differences == 0;
    }

    private void CompareGet(KafkaCache<string, SoakValue> cache, string key)
    {
        var expected = fold.ByKey.TryGetValue(key, out var folded) && !folded.IsTombstone ? folded : (FoldedRecord?)null;
        var found = Read(cache, key);
        if (found is { } read && read.Position.Offset < fold.LogStarts[read.Position.Partition])
        {
            found = null;
            Older++;
        }

        if (expected != found)
            Differ($"'{cache.Name}', key {key}", Tell(fold.ByKey.TryGetValue(key, out var last) ? last : null), Tell(found));
    }

    private void CompareScan(KafkaCache<string, SoakValue> cache)
    {
        var scanned = new HashSet<string>(StringComparer.Ordinal);
        var older = 0;
        foreach (var (key, entry) in cache.Scan())
        {
            if (!scanned.Add(key))
            {
                Differ($"A scan at rest of '{cache.Name}', key {key}", "once", "twice");
                continue;
            }

            if (entry.Offset < fold.LogStarts[entry.Partition])
                older++;
            else if (!fold.ByKey.TryGetValue(key, out var folded) || folded.Position != entry.Position || folded.Value != entry.Value)
                Differ(
                    $"A scan of '{cache.Name}', key {key}", Tell(fold.ByKey.TryGetValue(key, out var last) ? last : null),
                    $"{entry.Value} at {entry.Position}");
        }

        var values = fold.ByKey.Values.Count(static record => record.Value is not null);
        if (scanned.Count - older != values)
            Differ(
                $"A scan of '{cache.Name}'", Number(values),
                $"{Number(scanned.Count - older)} and {Number(older)} from below the log start");
        if (cache.Count != scanned.Count)
            Differ($"Count of '{cache.Name}'", Number(scanned.Count), Number(cache.Count));
    }

    private static FoldedRecord? Read(KafkaCache<string, SoakValue> cache, string key)
    {
        try
        {
            return cache.TryGetEntry(key, out var entry) ? new FoldedRecord(entry.Position, entry.Value, IsBad: false) : null;
        }
        catch (RecordErrorException bad)
        {
            return new FoldedRecord(new CachePosition(bad.Partition, bad.Offset), Value: null, IsBad: true);
        }
    }

    private void Differ(string what, string expected, string found)
    {
        if (_differences++ < Told)
            violations.Add(what, expected, found);
    }

    private static string Number(long number) => number.ToString("N0", CultureInfo.InvariantCulture);

    private static string Tell(FoldedRecord? record) => record switch
    {
        null => "none",
        { IsTombstone: true } tombstone => $"none, by the tombstone at {tombstone.Position}",
        { IsBad: true } bad => $"quarantined at {bad.Position}",
        { } good => $"{good.Value} at {good.Position}",
    };
}
