using KafkaCaching.Store.Entries;

namespace KafkaCaching.Replay.Claims;

/// <summary>The entry that one record yields for a key.</summary>
internal readonly record struct Claim(EntryMetadata Metadata, byte[] Value)
{
    /// <summary>The last of several claims to a key in this order is the entry: the one with the later timestamp, then the higher
    /// partition, then the higher offset. Only the records decide, never the order in which they were read.</summary>
    public static IComparer<Claim> Order { get; } = Comparer<Claim>.Create(static (one, other) => Compare(one.Metadata, other.Metadata));

    public bool IsAfter(in EntryMetadata other) => Compare(Metadata, other) > 0;

    private static int Compare(in EntryMetadata one, in EntryMetadata other)
    {
        var byTime = one.TimestampMs.CompareTo(other.TimestampMs);
        if (byTime != 0)
            return byTime;
        var byPartition = one.Partition.CompareTo(other.Partition);
        return byPartition != 0 ? byPartition : one.Offset.CompareTo(other.Offset);
    }
}
