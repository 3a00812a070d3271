using System.Runtime.InteropServices;
using KafkaCaching.Store.Entries;

namespace KafkaCaching.Store.Capture;

/// <summary>A sequence of packed entries with different keys.</summary>
internal sealed class PackedEntries
{
    private const int KeptBytes = 1 << 20;

    private readonly List<ulong> _hashes = [];
    private readonly List<int> _starts = [];
    private byte[] _bytes = new byte[64 * 1024];
    private int _length;

    public int Count => _starts.Count;

    public ReadOnlySpan<byte> Bytes => _bytes.AsSpan(0, _length);

    public ReadOnlySpan<byte> this[int index] =>
        _bytes.AsSpan(_starts[index], (index + 1 < Count ? _starts[index + 1] : _length) - _starts[index]);

    public void Clear()
    {
        _hashes.Clear();
        _starts.Clear();
        _length = 0;
        if (_bytes.Length > KeptBytes)
            _bytes = new byte[KeptBytes];
    }

    public bool Contains(ReadOnlySpan<byte> key)
    {
        var hash = KeyHash.Of(key);
        var hashes = CollectionsMarshal.AsSpan(_hashes);
        for (var from = 0; hashes[from..].IndexOf(hash) is var found and >= 0; from += found + 1)
        {
            PackedEntry.Read(this[from + found], out var other, out _, out _);
            if (other.SequenceEqual(key))
                return true;
        }

        return false;
    }

    public void Add(ReadOnlySpan<byte> key, in EntryMetadata metadata, ReadOnlySpan<byte> content) =>
        PackedEntry.Write(Room(KeyHash.Of(key), (int)PackedEntry.Bytes(key.Length, content.Length)), key, metadata, content);

    public void Add(ReadOnlySpan<byte> key, ReadOnlySpan<byte> packed) => packed.CopyTo(Room(KeyHash.Of(key), packed.Length));

    private Span<byte> Room(ulong hash, int bytes)
    {
        if (_length + bytes > _bytes.Length)
            Array.Resize(ref _bytes, Math.Max(_length + bytes, (int)Math.Min(2L * _bytes.Length, Array.MaxLength)));
        _hashes.Add(hash);
        _starts.Add(_length);
        _length += bytes;
        return _bytes.AsSpan(_length - bytes, bytes);
    }
}
