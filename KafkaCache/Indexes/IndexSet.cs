namespace KafkaCaching.Indexes;

/// <summary>The indexes of one generation. One writer, any number of readers.</summary>
/// <remarks>New postings are added before the store is written, and old ones removed after it. So the entries that the postings of a term
/// lead to include every entry that has the term throughout. They may include others: the reader looks at the entry itself.</remarks>
internal sealed class IndexSet(IReadOnlyList<(string Name, bool IsUnique)> names, bool ordersKeys)
{
    private readonly Lock _gate = new();
    private readonly KeyTable _keys = new();
    private readonly Postings[] _postings = [.. names.Select(static _ => new Postings())];
    private readonly List<(int Index, ulong Term)> _added = [];
    private OrderedKeys? _ordered;
    private int _ordinal;
    private bool _isNewKey;

    public bool OrdersKeys => ordersKeys;

    /// <summary>The bytes held. Any thread.</summary>
    public long Bytes
    {
        get
        {
            lock (_gate)
                return _keys.Bytes + (_ordered?.Bytes ?? 0) + _postings.Sum(static postings => postings.Bytes);
        }
    }

    /// <summary>Any thread.</summary>
    public IReadOnlyList<IndexStatus> Status()
    {
        lock (_gate)
            return [.. names.Select((index, i) => new IndexStatus(index.Name, index.IsUnique, _postings[i].Terms, _postings[i].Count))];
    }

    /// <summary>Writer only, before the store is written: adds what the key will have.</summary>
    /// <param name="key">The key.</param>
    /// <param name="terms">The hashes of its terms, by index.</param>
    public void Begin(ReadOnlySpan<byte> key, List<ulong>[] terms)
    {
        lock (_gate)
        {
            _added.Clear();
            _ordinal = _keys.Find(key);
            _isNewKey = _ordinal == KeyTable.None;
            if (_isNewKey)
                AddKey_NeedsLock(key);
            for (var i = 0; i < terms.Length; i++)
            {
                foreach (var term in terms[i])
                {
                    if (_postings[i].Has(_ordinal, term))
                        continue;
                    _postings[i].Add(_ordinal, term);
                    _added.Add((i, term));
                }
            }
        }
    }

    /// <summary>Writer only, after the store was written: removes what the key no longer has.</summary>
    public void Commit(List<ulong>[] terms)
    {
        lock (_gate)
        {
            for (var i = 0; i < terms.Length; i++)
                _postings[i].RemoveAllBut(_ordinal, terms[i]);
        }
    }

    /// <summary>Writer only, after a write that did not happen: removes what <see cref="Begin"/> has added.</summary>
    public void RollBack()
    {
        lock (_gate)
        {
            foreach (var (index, term) in _added)
                _postings[index].Remove(_ordinal, term);
            if (_isNewKey)
                RemoveKey_NeedsLock();
        }
    }

    /// <summary>Writer only, after the key has lost its entry.</summary>
    public void Remove(ReadOnlySpan<byte> key)
    {
        lock (_gate)
        {
            _ordinal = _keys.Find(key);
            if (_ordinal == KeyTable.None)
                return;
            foreach (var postings in _postings)
                postings.RemoveAllBut(_ordinal, []);
            RemoveKey_NeedsLock();
        }
    }

    /// <summary>Any thread. The keys of the entries that may have a term.</summary>
    public List<byte[]> KeysOf(int index, ulong term)
    {
        var keys = new List<byte[]>();
        lock (_gate)
        {
            var ordinals = new List<int>();
            _postings[index].AddOrdinalsOf(term, ordinals);
            foreach (var ordinal in ordinals)
                keys.Add(_keys[ordinal].ToArray());
        }

        return keys;
    }

    /// <inheritdoc cref="OrderedKeys.AddFrom"/>
    public void AddKeysFrom(ReadOnlySpan<byte> from, bool isAfter, int most, List<byte[]> found)
    {
        lock (_gate)
            _ordered?.AddFrom(from, isAfter, most, found);
    }

    private void AddKey_NeedsLock(ReadOnlySpan<byte> key)
    {
        _ordinal = _keys.Add(key);
        if (ordersKeys)
            (_ordered ??= new OrderedKeys(_keys)).Add(_ordinal);
    }

    private void RemoveKey_NeedsLock()
    {
        _ordered?.Remove(_ordinal);
        _keys.Remove(_ordinal);
    }
}
