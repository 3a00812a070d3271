namespace KafkaCaching.Store.Entries;

/// <summary>The entry that a write has replaced or removed. One instance is reused for every write. Writer only.</summary>
internal sealed class PreviousEntry
{
    private byte[] _value = [];
    private int _length;

    public bool Found { get; private set; }

    public EntryMetadata Metadata { get; private set; }

    public ReadOnlySpan<byte> Value => _value.AsSpan(0, _length);

    public void Clear() => (Found, Metadata, _length) = (false, default, 0);

    /// <summary>Copies an entry, because the write is about to overwrite it.</summary>
    public void Take(in EntryMetadata metadata, ReadOnlySpan<byte> value)
    {
        if (_value.Length < value.Length)
            _value = GC.AllocateUninitializedArray<byte>(Math.Max(value.Length, 2 * _value.Length));
        value.CopyTo(_value);
        (Found, Metadata, _length) = (true, metadata, value.Length);
    }
}
