using KafkaCaching.Reads;

namespace KafkaCaching.Tests.Histories.InMemory;

/// <summary>Holds what a cache shows of one record key against the states that the log allows.</summary>
internal static class ContentCheck
{
    private const int MostEntriesOfAKey = 3;

    /// <param name="reader">Answers Gets.</param>
    /// <param name="scanned">What a scan showed.</param>
    /// <param name="key">The record key.</param>
    /// <param name="allowed">The states that may stand.</param>
    /// <param name="tellsQuarantined">Whether a quarantined entry must be told from an absent one.</param>
    /// <param name="offsets">The offsets that were seen before, by entry key: none goes back.</param>
    /// <returns>How many good entries stand.</returns>
    public static int GoodEntriesOf(
        EntryReader<string, string> reader, Dictionary<string, CacheEntry<string>> scanned, string key, List<Dictionary<string, FoldedEntry>> allowed,
        bool tellsQuarantined, Dictionary<string, long> offsets)
    {
        var shown = new Dictionary<string, FoldedEntry>(StringComparer.Ordinal);
        for (var i = 0; i < MostEntriesOfAKey; i++)
        {
            var entryKey = i == 0 ? key : $"{key}/{i}";
            if (Read(reader, entryKey) is not { } entry)
                continue;
            FoldedEntry? inScan = scanned.TryGetValue(entryKey, out var scan) ? Of(scan) : null;
            Assert.Equal(inScan, entry.IsQuarantined ? null : (FoldedEntry?)entry);
            if (!entry.IsQuarantined || tellsQuarantined)
                shown.Add(entryKey, entry);
            if (entry.IsQuarantined)
                continue;
            Assert.True(entry.Offset >= offsets.GetValueOrDefault(entryKey, -1), $"Key {entryKey} went back from offset {offsets.GetValueOrDefault(entryKey)} to {entry.Offset}.");
            offsets[entryKey] = entry.Offset;
        }

        Assert.True(
            allowed.Exists(state => Same(state, shown, tellsQuarantined)),
            $"Key {key} shows [{Text(shown)}], and the log says [{string.Join("] or [", allowed.Select(Text))}].");
        return shown.Values.Count(static entry => !entry.IsQuarantined);
    }

    private static FoldedEntry? Read(EntryReader<string, string> reader, string key)
    {
        try
        {
            return reader.TryGet(key, out var entry) ? Of(entry) : null;
        }
        catch (RecordErrorException error)
        {
            return new FoldedEntry("", error.Partition, error.Offset, TimestampMs: 0, IsQuarantined: true);
        }
    }

    private static FoldedEntry Of(CacheEntry<string> entry) =>
        new(entry.Value, entry.Partition, entry.Offset, entry.Timestamp.ToUnixTimeMilliseconds(), IsQuarantined: false);

    private static bool Same(Dictionary<string, FoldedEntry> state, Dictionary<string, FoldedEntry> shown, bool tellsQuarantined)
    {
        var counted = 0;
        foreach (var (key, entry) in state)
        {
            if (entry.IsQuarantined && !tellsQuarantined)
                continue;
            counted++;
            if (!shown.TryGetValue(key, out var there) || there != (entry.IsQuarantined ? entry with { TimestampMs = 0 } : entry))
                return false;
        }

        return counted == shown.Count;
    }

    private static string Text(Dictionary<string, FoldedEntry> state) =>
        string.Join(", ", state.Select(static pair => $"{pair.Key} of {pair.Value.Partition}:{pair.Value.Offset}{(pair.Value.IsQuarantined ? " quarantined" : $" {pair.Value.Value.Length} long")}"));
}
