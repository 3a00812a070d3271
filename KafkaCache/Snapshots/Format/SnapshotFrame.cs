namespace KafkaCaching.Snapshots.Format;

/// <summary>A section of a snapshot file that holds compressed entries.</summary>
/// <param name="At">The position in the file at which the frame begins.</param>
/// <param name="PackedBytes">The compressed size of the frame.</param>
/// <param name="Bytes">The uncompressed size of the frame.</param>
/// <param name="Entries">The number of entries in the frame.</param>
/// <param name="FirstBucket">The bucket of the first entry, or <see cref="Unordered"/>, or <see cref="Claims"/>.</param>
/// <param name="Hash">The hash of the frame's bytes in the file.</param>
internal readonly record struct SnapshotFrame(long At, int PackedBytes, int Bytes, int Entries, long FirstBucket, ulong Hash)
{
    /// <summary>The entries are in no particular order, because each was saved when it was about to be overwritten.</summary>
    public const long Unordered = -1;

    /// <summary>The frame holds the claims of a resolver's records instead of entries, in no particular order.</summary>
    public const long Claims = -2;

    /// <summary>Whether the entries are in the order of their buckets.</summary>
    public bool IsOrdered => FirstBucket >= 0;
}
