namespace KafkaCaching.Jobs.Snapshots;

/// <summary>The rows of the topic that have been read so far. While a new version is being read, they match neither the old version nor the
/// new one, so only <see cref="SnapshotReader{TKey, TRow}"/> may use them. Not thread-safe.</summary>
internal sealed class Stage<TKey, TRow>(CacheCodec<TKey, TRow> codec)
    where TKey : notnull
{
    private readonly Dictionary<string, StagedRow<TKey, TRow>> _rows = new(StringComparer.Ordinal);

    // The rows that can't be decoded. A version that has such a row is not served.
    private readonly Dictionary<string, string> _faults = new(StringComparer.Ordinal);
    private UInt128 _hash;

    public IReadOnlyCollection<StagedRow<TKey, TRow>> Rows => _rows.Values;

    /// <summary>The number of row changes so far. If it has not changed since the last version, the collections of that version are used
    /// again.</summary>
    public long Changes { get; private set; }

    /// <summary>Why a row can't be decoded; <see langword="null"/> if all rows can be decoded.</summary>
    public string? Fault => _faults.Count == 0 ? null : _faults.Values.First();

    public void Clear()
    {
        _rows.Clear();
        _faults.Clear();
        _hash = UInt128.Zero;
        Changes++;
    }

    public void Set(string key, byte[] value)
    {
        Remove(key);
        var keyBytes = Tables.TableCodec.BytesOf(key);
        try
        {
            var row = new StagedRow<TKey, TRow>(key, codec.DecodeKey(keyBytes), codec.DecodeValue(value), RowHash.Of(keyBytes, value));
            _rows.Add(key, row);
            unchecked
            {
                _hash += row.Hash;
            }
        }
        catch (Exception undecodable) when (undecodable is not OutOfMemoryException)
        {
            // The deserializer may be the application's, and may throw any exception.
            _faults[key] = undecodable.Message;
        }
    }

    public void Remove(string key)
    {
        Changes++;
        _faults.Remove(key);
        if (!_rows.Remove(key, out var row))
            return;
        unchecked
        {
            _hash -= row.Hash;
        }
    }

    /// <summary>Whether the rows are exactly those of a version.</summary>
    public bool Is(Manifest manifest) =>
        _faults.Count == 0 && _rows.Count == manifest.Count && Manifest.Text(_hash) == manifest.Hash;
}
