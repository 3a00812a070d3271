using KafkaCaching.Store.Entries;

namespace KafkaCaching.Replay.Claims;

/// <summary>The entry that one record yields for a key. Several records may claim the same key.</summary>
internal readonly record struct Claim(EntryMetadata Metadata, byte[] Value)
{
    /// <summary>The order that decides between several claims to a key: the last one becomes the entry. Claims are ordered by timestamp,
    /// then by partition, then by offset, and never by the order in which their records were read.</summary>
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
