using KafkaCaching.Tests.Histories.Model;

namespace KafkaCaching.Tests.Histories;

/// <summary>Looks up a key in a cache or in a part of a cache.</summary>
internal delegate bool EntryGet(string key, out CacheEntry<string> entry);

/// <summary>Compares the entries that a cache returns for a record key with the states that the log allows.</summary>
internal static class ContentCheck
{
    private const int MaxEntriesOfAKey = 3;

    /// <summary>Compares all entries that a cache returns for one partition with its log.</summary>
    /// <param name="get">The cache's Get.</param>
    /// <param name="scanned">The result of a scan, if there was one.</param>
    /// <param name="log">The log of the partition.</param>
    /// <param name="start">The offset from which the cache has read.</param>
    /// <param name="end">The offset up to which the cache has read.</param>
    /// <param name="rules">The rules of the history, which include the options of the cache.</param>
    /// <param name="offsets">The offsets that were seen before, by entry key. An offset must never decrease.</param>
    /// <param name="mayMissTombstones">Whether the cache may have missed tombstones because it was slow, and has reported this.</param>
    /// <returns>The number of valid entries.</returns>
    public static int HoldAgainst(
        EntryGet get, Dictionary<string, CacheEntry<string>>? scanned, ModelPartition log, long start, long end, HistoryRules rules,
        Dictionary<string, long> offsets, bool mayMissTombstones = false)
    {
        var read = log.Records.Where(record => record.Offset >= start && record.Offset < end && !record.IsHidden);
        if (rules.Policy == RecordErrorPolicy.Fail)
            Assert.DoesNotContain(read, record => !record.IsCleaned && rules.Refuses(record));
        var good = 0;
        foreach (var (key, allowed) in Fold.Of(log, start, end, rules, mayMissTombstones))
            good += GoodEntriesOf(get, scanned, key, allowed, offsets);
        return good;
    }

    /// <summary>The keys under which the records of a key may have entries.</summary>
    public static IEnumerable<string> EntryKeysOf(string key) =>
        Enumerable.Range(0, MaxEntriesOfAKey).Select(i => i == 0 ? key : $"{key}/{i}");

    private static int GoodEntriesOf(
        EntryGet get, Dictionary<string, CacheEntry<string>>? scanned, string key, List<Dictionary<string, FoldedEntry>> allowed,
        Dictionary<string, long> offsets)
    {
        var shown = new Dictionary<string, FoldedEntry>(StringComparer.Ordinal);
        foreach (var entryKey in EntryKeysOf(key))
        {
            if (Read(get, entryKey) is not { } entry)
                continue;
            if (scanned is not null)
                Assert.Equal(
                    scanned.TryGetValue(entryKey, out var scan) ? Of(scan) : null, entry.IsQuarantined ? null : (FoldedEntry?)entry);
            shown.Add(entryKey, entry);
            if (entry.IsQuarantined)
                continue;
            Assert.True(
                entry.Offset >= offsets.GetValueOrDefault(entryKey, -1),
                $"Key {entryKey} went back from offset {offsets.GetValueOrDefault(entryKey)} to {entry.Offset}.");
            offsets[entryKey] = entry.Offset;
        }

        Assert.True(
            allowed.Exists(state => Same(state, shown)),
            $"Key {key} shows [{Text(shown)}], and the log says [{string.Join("] or [", allowed.Select(Text))}].");
        return shown.Values.Count(static entry => !entry.IsQuarantined);
    }

    private static FoldedEntry? Read(EntryGet get, string key)
    {
        try
        {
            return get(key, out var entry) ? Of(entry) : null;
        }
        catch (RecordErrorException error)
        {
            return new FoldedEntry("", error.Partition, error.Offset, TimestampMs: 0, IsQuarantined: true);
        }
    }

    private static FoldedEntry Of(CacheEntry<string> entry) =>
        new(entry.Value, entry.Partition, entry.Offset, entry.Timestamp.ToUnixTimeMilliseconds(), IsQuarantined: false);

    private static bool Same(Dictionary<string, FoldedEntry> state, Dictionary<string, FoldedEntry> shown)
    {
        foreach (var (key, entry) in state)
        {
            if (!shown.TryGetValue(key, out var there) || there != (entry.IsQuarantined ? entry with { TimestampMs = 0 } : entry))
                return false;
        }

        return state.Count == shown.Count;
    }

    public static string Text(Dictionary<string, FoldedEntry> state) =>
        string.Join(", ", state.Select(static pair => $"{pair.Key} of {pair.Value.Partition}:{pair.Value.Offset}{Describe(pair.Value)}"));

    private static string Describe(FoldedEntry entry) =>
        entry.IsQuarantined ? " quarantined" : $" {entry.Value.Length} long, at {entry.TimestampMs} ms";
}
