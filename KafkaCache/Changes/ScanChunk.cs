using KafkaCaching.Store;
using KafkaCaching.Store.Entries;

namespace KafkaCaching.Changes;

/// <summary>Copies of a scan's next entries. The buffers are reused for each chunk.</summary>
internal sealed class ScanChunk
{
    private const int MaxEntries = 256;
    private const int EnoughBytes = 256 << 10;

    private readonly List<(int At, int KeyLength, int ContentLength, EntryMetadata Metadata, bool IsRemoved)> _entries = [];
    private byte[] _bytes = new byte[4096];
    private int _length;

    public int Count => _entries.Count;

    public ReadOnlySpan<byte> KeyOf(int i) => _bytes.AsSpan(_entries[i].At, _entries[i].KeyLength);

    public ReadOnlySpan<byte> ContentOf(int i) => _bytes.AsSpan(_entries[i].At + _entries[i].KeyLength, _entries[i].ContentLength);

    public EntryMetadata MetadataOf(int i) => _entries[i].Metadata;

    public bool IsRemoved(int i) => _entries[i].IsRemoved;

    /// <summary>Replaces the entries with the next ones of the scan.</summary>
    /// <returns>Whether there were any more entries.</returns>
    public bool Fill(StoreScan scan)
    {
        _entries.Clear();
        _length = 0;
        while (_entries.Count < MaxEntries && _length < EnoughBytes && scan.MoveNext())
        {
            var at = _length;
            Append(scan.Key);
            if (!scan.IsRemoved)
                Append(scan.Content);
            _entries.Add((at, scan.Key.Length, _length - at - scan.Key.Length, scan.Metadata, scan.IsRemoved));
        }

        return _entries.Count > 0;
    }

    private void Append(ReadOnlySpan<byte> bytes)
    {
        if (_bytes.Length - _length < bytes.Length)
            Array.Resize(ref _bytes, checked(Math.Max(_length + bytes.Length, 2 * _bytes.Length)));
        bytes.CopyTo(_bytes.AsSpan(_length));
        _length += bytes.Length;
    }
}
