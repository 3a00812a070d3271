namespace KafkaCaching.Snapshots.Format;

/// <summary>A piece of a snapshot's file: packed entries, compressed.</summary>
/// <param name="At">Where it begins in the file.</param>
/// <param name="PackedBytes">Its size in the file.</param>
/// <param name="Bytes">Its size when unpacked.</param>
/// <param name="Entries">The number of its entries.</param>
/// <param name="FirstBucket">The bucket of its first entry, or <see cref="Unordered"/>, or <see cref="Claims"/>.</param>
/// <param name="Hash">The hash of its bytes in the file.</param>
internal readonly record struct SnapshotFrame(long At, int PackedBytes, int Bytes, int Entries, long FirstBucket, ulong Hash)
{
    /// <summary>The entries are in no particular order: they were about to be overwritten when they were saved.</summary>
    public const long Unordered = -1;

    /// <summary>The frame holds the claims of a resolver's records instead of entries, in no order of buckets.</summary>
    public const long Claims = -2;

    /// <summary>Whether the entries are in the order of their buckets.</summary>
    public bool IsOrdered => FirstBucket >= 0;
}
