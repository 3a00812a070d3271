using KafkaCaching.Encodings;

namespace KafkaCaching.Replay;

/// <summary>What the resolver yields for the record at hand; reused for every record.</summary>
internal sealed class ResolvedEntries<TKey, TValue>(Codec<TKey> keys, Codec<TValue> values) : ICacheUpdates<TKey, TValue>
    where TKey : notnull
{
    private readonly List<ResolvedEntry> _entries = [];

    public IReadOnlyList<ResolvedEntry> Entries => _entries;

    public void Clear() => _entries.Clear();

    public void Set(TKey key, TValue value)
    {
        ArgumentNullException.ThrowIfNull(key);
        ArgumentNullException.ThrowIfNull(value);
        var entry = new ResolvedEntry(key, Own(key, keys.Encode(key)), value, Own(value, values.Encode(value)));
        var same = IndexOf(entry.KeyBytes);
        if (same < 0)
            _entries.Add(entry);
        else
            _entries[same] = entry;
    }

    public bool Yields(ReadOnlySpan<byte> keyBytes) => IndexOf(keyBytes) >= 0;

    public byte[][] KeyBytes()
    {
        var all = new byte[_entries.Count][];
        for (var i = 0; i < all.Length; i++)
            all[i] = _entries[i].KeyBytes;
        return all;
    }

    // Bytes are encoded as the array itself, which the resolver may fill anew for its next entry or its next record.
    private static byte[] Own<T>(T from, byte[] bytes) => ReferenceEquals(from, bytes) ? [.. bytes] : bytes;

    private int IndexOf(ReadOnlySpan<byte> keyBytes)
    {
        for (var i = 0; i < _entries.Count; i++)
        {
            if (keyBytes.SequenceEqual(_entries[i].KeyBytes))
                return i;
        }

        return -1;
    }

    internal readonly record struct ResolvedEntry(TKey Key, byte[] KeyBytes, TValue Value, byte[] ValueBytes);
}
