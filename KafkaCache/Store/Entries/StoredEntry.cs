namespace KafkaCaching.Store.Entries;

/// <summary>The result of reading an entry. It is valid until <see cref="Dispose"/>, which returns the reader's buffer. The metadata is
/// accessed by reference, because copying it through each layer made a read a quarter slower.</summary>
internal readonly ref struct StoredEntry
{
    private readonly ref readonly EntryMetadata _metadata;
    private readonly IEntryLease? _lease;

    public StoredEntry(ref readonly EntryMetadata metadata, ReadOnlySpan<byte> content, IEntryLease? lease)
    {
        _metadata = ref metadata;
        _lease = lease;
        Found = true;
        Content = content;
    }

    public bool Found { get; }

    public EntryMetadata Metadata => Found ? _metadata : default;

    public bool IsQuarantined => Found && _metadata.IsQuarantined;

    /// <summary>The kept headers and the value.</summary>
    public ReadOnlySpan<byte> Content { get; }

    public ReadOnlySpan<byte> Value => Found ? Content[_metadata.HeaderBytes..] : default;

    public void Dispose() => _lease?.Release();
}
