using KafkaCaching.Store.Entries;

namespace KafkaCaching.Indexes;

/// <summary>The indexes of one generation, for one writer and any number of readers.</summary>
/// <remarks>New postings are added before the store is written to, and old ones are removed afterwards. Therefore, the postings of a term
/// include every entry that has the term during the whole read. They may also include others, so the reader checks each entry.</remarks>
internal sealed class IndexSet
{
    /// <summary>The number of an entry's terms above which they are compared through a hash set. Otherwise, a single record with very many
    /// terms could occupy the replay for minutes.</summary>
    public const int FewTerms = 64;

    private readonly IReadOnlyList<(string Name, bool IsUnique)> _names;
    private readonly Lock _gate = new();

    // A random seed is part of every step, so that a writer to the topic can't construct different sets of terms with the same hash.
    private readonly ulong _seed = (ulong)Random.Shared.NextInt64();
    private readonly KeyTable _keys;
    private readonly Postings[] _postings;
    private readonly List<(int Index, ulong Term)> _added = [];
    private OrderedKeys? _ordered;
    private int _row;
    private ulong _hashOfTerms;
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
        // Only the writer changes the indexes, so it can read them without the lock.
        _added.Clear();
        _row = _keys.Find(key);
        _hashOfTerms = HashOf(terms);
        _isNewKey = _row == KeyTable.None;
        _isUnchanged = !_isNewKey && _keys.HashOfTerms(_row) == _hashOfTerms;
        if (_isUnchanged)
            return;
        lock (_gate)
        {
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
                _postings[i].RemoveAllBut(_row, terms[i]);
            _keys.HashOfTerms(_row) = _hashOfTerms;
        }
    }

    /// <summary>Removes the terms that <see cref="Begin"/> has added. The writer calls this if the store was not changed.</summary>
    public void RollBack()
    {
        lock (_gate)
        {
            // The posting that was added last is the first in its entry's list.
            for (var i = _added.Count - 1; i >= 0; i--)
                _postings[_added[i].Index].Remove(_row, _added[i].Term);
            if (_isNewKey)
                RemoveKey_NeedsLock();
        }
    }

    /// <summary>Removes all terms of a key. The writer calls this after the key has lost its entry.</summary>
    public void Remove(ReadOnlySpan<byte> key)
    {
        lock (_gate)
        {
            _row = _keys.Find(key);
            if (_row == KeyTable.None)
                return;
            foreach (var postings in _postings)
                postings.RemoveAllBut(_row, []);
            RemoveKey_NeedsLock();
        }
    }

    /// <summary>Returns the keys of the entries that may have a term. Safe to call from any thread.</summary>
    public List<byte[]> KeysOf(int index, ulong term)
    {
        var keys = new List<byte[]>();
        lock (_gate)
        {
            var rows = new List<int>();
            _postings[index].AddRowsOf(term, rows);
            foreach (var row in rows)
                keys.Add(_keys[row].ToArray());
        }

        return keys;
    }

    /// <inheritdoc cref="OrderedKeys.AddFrom"/>
    public void AddKeysFrom(ReadOnlySpan<byte> from, bool isAfter, byte[]? end, int max, List<byte[]> found)
    {
        lock (_gate)
            _ordered?.AddFrom(from, isAfter, end, max, found);
    }

    /// <inheritdoc cref="KeyTable.Prefetch"/>
    public void Prefetch(ReadOnlySpan<byte> key) => _keys.Prefetch(key);

    private ulong HashOf(List<ulong>[] terms)
    {
        var hash = _seed;
        foreach (var ofIndex in terms)
        {
            hash = KeyHash.Combine(hash, _seed ^ (ulong)ofIndex.Count);
            foreach (var term in ofIndex)
                hash = KeyHash.Combine(hash, _seed ^ term);
        }

        return hash;
    }

    private void AddMissing_NeedsLock(int index, List<ulong> terms)
    {
        var had = terms.Count > FewTerms ? _postings[index].TermsOf(_row) : null;
        foreach (var term in terms)
        {
            if (had?.Contains(term) ?? _postings[index].Has(_row, term))
                continue;
            _postings[index].Add(_row, term);
            _added.Add((index, term));
        }
    }

    private void AddKey_NeedsLock(ReadOnlySpan<byte> key)
    {
        _row = _keys.Add(key);
        if (OrdersKeys)
            (_ordered ??= new OrderedKeys(_keys)).Add(_row);
    }

    private void RemoveKey_NeedsLock()
    {
        _ordered?.Remove(_row);
        _keys.Remove(_row);
    }
}
