namespace KafkaCaching.Store;

/// <summary>An entry as read: its value stays valid until <see cref="Dispose"/>, which gives the reader's buffer back.</summary>
internal readonly ref struct StoredEntry
{
    private readonly IEntryLease? _lease;

    public StoredEntry(scoped in EntryMetadata metadata, ReadOnlySpan<byte> value, IEntryLease? lease)
    {
        Found = true;
        Metadata = metadata;
        Value = value;
        _lease = lease;
    }

    public bool Found { get; }

    public EntryMetadata Metadata { get; }

    public ReadOnlySpan<byte> Value { get; }

    public void Dispose() => _lease?.Release();
}
