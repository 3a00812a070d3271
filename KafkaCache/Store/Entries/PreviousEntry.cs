namespace KafkaCaching.Store.Entries;

/// <summary>The entry that a write has replaced or removed. One instance is reused for every write. It is used by the writer
/// only.</summary>
internal sealed class PreviousEntry
{
    private byte[] _content = [];
    private int _length;

    public bool Found { get; private set; }

    public EntryMetadata Metadata { get; private set; }

    public ReadOnlySpan<byte> Content => _content.AsSpan(0, _length);

    public void Clear() => (Found, Metadata, _length) = (false, default, 0);

    /// <summary>Copies an entry, because the write is about to overwrite it.</summary>
    public void Take(in EntryMetadata metadata, ReadOnlySpan<byte> content)
    {
        if (_content.Length < content.Length)
            _content = GC.AllocateUninitializedArray<byte>(Math.Max(content.Length, 2 * _content.Length));
        content.CopyTo(_content);
        (Found, Metadata, _length) = (true, metadata, content.Length);
    }
}
