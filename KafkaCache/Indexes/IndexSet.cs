namespace KafkaCaching.Indexes;

/// <summary>The indexes of one generation, for one writer and any number of readers.</summary>
/// <remarks>New postings are added before the store is written, and old ones are removed afterwards. So the postings of a term always lead
/// to every entry that has the term during the whole read. They may also lead to others, so the reader checks the entry itself.</remarks>
internal sealed class IndexSet
{
    private readonly IReadOnlyList<(string Name, bool IsUnique)> _names;
    private readonly Lock _gate = new();
    private readonly KeyTable _keys;
    private readonly Postings[] _postings;
    private readonly List<(int Index, ulong Term)> _added = [];
    private OrderedKeys? _ordered;
    private int _ordinal;
    private bool _isNewKey;
    private bool _isUnchanged;

    public IndexSet(IReadOnlyList<(string Name, bool IsUnique)> names, bool ordersKeys)
    {
        _names = names;
        OrdersKeys = ordersKeys;
        _keys = new KeyTable(names.Count);
        _postings = [.. names.Select((_, index) => new Postings(_keys, index))];
    }

    public bool OrdersKeys { get; }

    /// <summary>The number of bytes held. Safe to read from any thread.</summary>
    public long Bytes
    {
        get
        {
            lock (_gate)
                return _keys.Bytes + (_ordered?.Bytes ?? 0) + _postings.Sum(static postings => postings.Bytes);
        }
    }

    /// <summary>The state of each index. Safe to call from any thread.</summary>
    public IReadOnlyList<IndexStatus> Status()
    {
        lock (_gate)
            return [.. _names.Select((index, i) => new IndexStatus(index.Name, index.IsUnique, _postings[i].Terms, _postings[i].Count))];
    }

    /// <summary>Adds the terms that the key will have. The writer calls this before it writes to the store.</summary>
    /// <param name="key">The key.</param>
    /// <param name="terms">For each index, the hashes of the key's terms.</param>
    public void Begin(ReadOnlySpan<byte> key, List<ulong>[] terms)
    {
        lock (_gate)
        {
            _added.Clear();
            _ordinal = _keys.Find(key);
            _isNewKey = _ordinal == KeyTable.None;
            _isUnchanged = !_isNewKey && HasExactly_NeedsLock(terms);
            if (_isUnchanged)
                return;
            if (_isNewKey)
                AddKey_NeedsLock(key);
            for (var i = 0; i < terms.Length; i++)
                AddMissing_NeedsLock(i, terms[i]);
        }
    }

    /// <summary>Removes the terms that the key no longer has. The writer calls this after it has written to the store.</summary>
    public void Commit(List<ulong>[] terms)
    {
        if (_isUnchanged)
            return;
        lock (_gate)
        {
            for (var i = 0; i < terms.Length; i++)
                _postings[i].RemoveAllBut(_ordinal, terms[i]);
        }
    }

    /// <summary>Removes the terms that <see cref="Begin"/> has added. The writer calls this if the write did not happen.</summary>
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

    /// <summary>Removes all terms of a key. The writer calls this after the key has lost its entry.</summary>
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

    /// <summary>Returns the keys of the entries that may have a term. Safe to call from any thread.</summary>
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

    private bool HasExactly_NeedsLock(List<ulong>[] terms)
    {
        for (var i = 0; i < terms.Length; i++)
        {
            if (!_postings[i].AreExactly(_ordinal, terms[i]))
                return false;
        }

        return true;
    }

    private void AddMissing_NeedsLock(int index, List<ulong> terms)
    {
        foreach (var term in terms)
        {
            if (_postings[index].Has(_ordinal, term))
                continue;
            _postings[index].Add(_ordinal, term);
            _added.Add((index, term));
        }
    }

    private void AddKey_NeedsLock(ReadOnlySpan<byte> key)
    {
        _ordinal = _keys.Add(key);
        if (OrdersKeys)
            (_ordered ??= new OrderedKeys(_keys)).Add(_ordinal);
    }

    private void RemoveKey_NeedsLock()
    {
        _ordered?.Remove(_ordinal);
        _keys.Remove(_ordinal);
    }
}
