namespace KafkaCaching.Store.Entries;

/// <summary>A write of a store: an entry that is set, or a tombstone that removes one.</summary>
internal readonly ref struct EntryChange(ReadOnlySpan<byte> key, in EntryMetadata metadata, ReadOnlySpan<byte> value, bool removes)
{
    public readonly ReadOnlySpan<byte> Key = key;

    public readonly ReadOnlySpan<byte> Value = value;

    public readonly EntryMetadata Metadata = metadata;

    public readonly bool Removes = removes;
}
