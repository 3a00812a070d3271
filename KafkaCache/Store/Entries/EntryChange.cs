namespace KafkaCaching.Store.Entries;

/// <summary>A write to a store: an entry that is set, or a tombstone that removes one.</summary>
internal readonly ref struct EntryChange(
    ReadOnlySpan<byte> key, in EntryMetadata metadata, ReadOnlySpan<byte> content, bool removes, bool isOfLog = true)
{
    public readonly ReadOnlySpan<byte> Key = key;

    /// <summary>The kept headers and the value.</summary>
    public readonly ReadOnlySpan<byte> Content = content;

    public readonly EntryMetadata Metadata = metadata;

    public readonly bool Removes = removes;

    /// <summary>Whether a record of the log causes the change. If not, the store itself makes it, through expiry or eviction.</summary>
    public readonly bool IsOfLog = isOfLog;

    public ReadOnlySpan<byte> Value => Content[Metadata.HeaderBytes..];
}
