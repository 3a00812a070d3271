using System.Collections.Concurrent;
using KafkaCaching.Store.Entries;

namespace KafkaCaching.Store.Capture;

/// <summary>The keys under which the writer has put back an entry of an earlier record during a capture. The writer adds them, and the
/// thread that reads the capture looks them up.</summary>
internal sealed class PutBackKeys(int maxBytes)
{
    private const int KeyBytes = 150;

    // The keys by hash. There is nearly always only one key per hash.
    private volatile ConcurrentDictionary<ulong, byte[][]>? _keys;
    private int _bytes;

    /// <summary>Whether the writer has added the key. Safe to call from any thread.</summary>
    public bool Contains(ReadOnlySpan<byte> key)
    {
        if (_keys is not { } keys || !keys.TryGetValue(KeyHash.Of(key), out var same))
            return false;
        foreach (var one in same)
        {
            if (key.SequenceEqual(one))
                return true;
        }

        return false;
    }

    /// <summary>Adds a key. Called by the writer only.</summary>
    /// <returns>Whether there was room.</returns>
    public bool TryAdd(ReadOnlySpan<byte> key)
    {
        if (Contains(key))
            return true;
        var keys = _keys ??= [];
        var hash = KeyHash.Of(key);
        keys[hash] = [.. keys.GetValueOrDefault(hash, []), key.ToArray()];
        _bytes += KeyBytes + key.Length;
        return _bytes <= maxBytes;
    }
}
