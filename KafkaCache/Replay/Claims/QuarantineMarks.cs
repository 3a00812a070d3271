namespace KafkaCaching.Replay.Claims;

/// <summary>What a bad record yields in place of entries: marks under the keys that it spoils.</summary>
internal static class QuarantineMarks
{
    /// <param name="recordKey">The record's key: the entry's too, where the resolver keeps keys.</param>
    /// <param name="yielded">What the record yields, where that is known.</param>
    /// <param name="refused">What was to change and must not.</param>
    /// <param name="longestKey">The store takes no entry with a longer key, so no mark either.</param>
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
