using KafkaCaching.Store.Entries;

namespace KafkaCaching.Tests.Replay.Claims;

/// <summary>The entry that the oracle expects for a key.</summary>
internal readonly record struct ClaimedValue(EntryMetadata Metadata, string Value);

/// <summary>The oracle: computes the content of a cache from the records that it has read, directly from the specification.</summary>
internal static class ClaimOracle
{
    /// <returns>The entry of each key, and the number of contested keys.</returns>
    public static (SortedDictionary<string, ClaimedValue> Entries, int Contested) Of(
        IEnumerable<ClaimRecord> read, RecordErrorPolicy policy)
    {
        // Takes the last record of each record key within a partition, the latest of these over all partitions, and the latest of the
        // records that yield the same key.
        var claims = read
            .Where(record => policy != RecordErrorPolicy.Skip || FlawOf(record) is null)
            .GroupBy(static record => (record.Key, record.Partition))
            .Select(static log => log.MaxBy(static record => record.Offset)!)
            .GroupBy(static head => head.Key, StringComparer.Ordinal)
            .Select(static heads => heads.MaxBy(static head => (head.TimestampMs, head.Partition))!)
            .SelectMany(Yields)
            .GroupBy(static claim => claim.Key, static claim => claim.Claim, StringComparer.Ordinal)
            .ToList();
        var entries = new SortedDictionary<string, ClaimedValue>(StringComparer.Ordinal);
        foreach (var ofKey in claims)
            entries.Add(ofKey.Key, ofKey.MaxBy(static one => (one.Metadata.TimestampMs, one.Metadata.Partition, one.Metadata.Offset)));
        return (entries, claims.Count(static ofKey => ofKey.Count() > 1));
    }

    public static RecordErrorReason? FlawOf(ClaimRecord record) => record.Value switch
    {
        null => null,
        ClaimRecord.Refused => RecordErrorReason.RecordRefused,
        ClaimRecord.Throws => RecordErrorReason.ResolverThrew,
        var value when value.EndsWith(ClaimRecord.Oversize, StringComparison.Ordinal) => RecordErrorReason.TooLarge,
        _ => null,
    };

    private static IEnumerable<(string Key, ClaimedValue Claim)> Yields(ClaimRecord record)
    {
        var metadata = new EntryMetadata(record.Partition, record.Offset, record.TimestampMs);
        if (record.Value is null)
            return [];
        var yields = ClaimRecord.Yields(record.Value);
        if (FlawOf(record) is not { } flaw)
        {
            return yields.GroupBy(static entry => entry.Key, StringComparer.Ordinal)
                .Select(entry => (entry.Key, new ClaimedValue(metadata, entry.Last().Value)));
        }

        IEnumerable<string> spoilt = [record.Key, .. flaw == RecordErrorReason.TooLarge ? yields.Select(static entry => entry.Key) : []];
        var mark = new ClaimedValue(metadata with { Quarantine = (byte)(flaw + 1) }, "");
        return spoilt.Distinct(StringComparer.Ordinal).Select(key => (key, mark));
    }
}
