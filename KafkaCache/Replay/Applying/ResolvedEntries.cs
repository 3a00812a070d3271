using System.Runtime.InteropServices;
using KafkaCaching.Encodings;
using KafkaCaching.Replay.Claims;

namespace KafkaCaching.Replay.Applying;

/// <summary>The entries that the resolver yields for the current record. One instance is reused for every record.</summary>
internal sealed class ResolvedEntries<TKey, TValue>(Codec<TKey> keys, Codec<TValue> values) : ICacheUpdates<TKey, TValue>
    where TKey : notnull
{
    private readonly List<ResolvedEntry> _entries = [];

    public ReadOnlySpan<ResolvedEntry> Entries => CollectionsMarshal.AsSpan(_entries);

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

    public ResolvedEntry? Find(ReadOnlySpan<byte> keyBytes) => IndexOf(keyBytes) is >= 0 and var found ? _entries[found] : null;

    public YieldedEntry[] Yielded()
    {
        var all = _entries.Count == 0 ? [] : new YieldedEntry[_entries.Count];
        for (var i = 0; i < all.Length; i++)
            all[i] = new YieldedEntry(_entries[i].KeyBytes, _entries[i].ValueBytes);
        return all;
    }

    // The encoding of a byte array is the array itself, which the resolver may overwrite later. It is therefore copied.
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
