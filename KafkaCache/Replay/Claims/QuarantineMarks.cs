namespace KafkaCaching.Replay.Claims;

/// <summary>The quarantine marks that a record with an error yields instead of entries. There is one for each key that the record
/// affects.</summary>
internal static class QuarantineMarks
{
    /// <param name="recordKey">The record's key, which is also the entry's key if the resolver does not change keys.</param>
    /// <param name="yielded">The entries that the record yields, if they are known.</param>
    /// <param name="refused">The entries whose change was refused.</param>
    /// <param name="longestKey">The length of the longest key that the store accepts. A longer key can't have a mark either.</param>
    public static YieldedEntry[] Of(ReadOnlySpan<byte> recordKey, YieldedEntry[] yielded, YieldedEntry[] refused, int longestKey)
    {
        var marks = new List<YieldedEntry>();
        if (recordKey.Length <= longestKey)
            marks.Add(new YieldedEntry(recordKey.ToArray(), []));
        Add(marks, yielded, longestKey);
        Add(marks, refused, longestKey);
        return [.. marks];
    }

    private static void Add(List<YieldedEntry> marks, YieldedEntry[] entries, int longestKey)
    {
        foreach (var (key, _) in entries)
        {
            if (key.Length <= longestKey && !marks.Exists(mark => mark.Key.AsSpan().SequenceEqual(key)))
                marks.Add(new YieldedEntry(key, []));
        }
    }
}
