using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace KafkaCaching.Indexes;

/// <summary>Which entries have a term, and which terms an entry has. A posting is in two lists, so it is found and taken out from either
/// side. Guarded by <see cref="IndexSet"/>.</summary>
internal sealed class Postings
{
    private const int None = -1;

    private readonly Dictionary<ulong, int> _firstOfTerm = [];
    private Posting[] _all = new Posting[16];
    private int[] _firstOfEntry = [];
    private int _free = None;
    private int _used;

    public long Terms => _firstOfTerm.Count;

    public long Count { get; private set; }

    // What a dictionary takes: an entry of 24 bytes and a bucket of 4.
    public long Bytes =>
        (long)Unsafe.SizeOf<Posting>() * _all.Length + (long)sizeof(int) * _firstOfEntry.Length + 28L * _firstOfTerm.Capacity;

    public void AddOrdinalsOf(ulong term, List<int> ordinals)
    {
        if (!_firstOfTerm.TryGetValue(term, out var at))
            return;
        for (; at != None; at = _all[at].NextOfTerm)
            ordinals.Add(_all[at].Ordinal);
    }

    public bool Has(int ordinal, ulong term)
    {
        for (var at = FirstOf(ordinal); at != None; at = _all[at].NextOfEntry)
        {
            if (_all[at].Term == term)
                return true;
        }

        return false;
    }

    /// <summary>Adds a posting that is not there.</summary>
    public void Add(int ordinal, ulong term)
    {
        var at = NewPosting();
        ref var first = ref CollectionsMarshal.GetValueRefOrAddDefault(_firstOfTerm, term, out var exists);
        var next = exists ? first : None;
        first = at;
        ref var firstOfEntry = ref EntrySlot(ordinal);
        _all[at] = new Posting { Ordinal = ordinal, Term = term, PreviousOfTerm = None, NextOfTerm = next, NextOfEntry = firstOfEntry };
        if (next != None)
            _all[next].PreviousOfTerm = at;
        firstOfEntry = at;
        Count++;
    }

    public void Remove(int ordinal, ulong term)
    {
        if (ordinal >= _firstOfEntry.Length)
            return;
        ref var link = ref _firstOfEntry[ordinal];
        while (link != None)
        {
            if (_all[link].Term == term)
            {
                TakeOut(ref link);
                return;
            }

            link = ref _all[link].NextOfEntry;
        }
    }

    /// <summary>Removes an entry's postings of all terms but these.</summary>
    public void RemoveAllBut(int ordinal, List<ulong> terms)
    {
        if (ordinal >= _firstOfEntry.Length)
            return;
        ref var link = ref _firstOfEntry[ordinal];
        while (link != None)
        {
            if (terms.Contains(_all[link].Term))
                link = ref _all[link].NextOfEntry;
            else
                TakeOut(ref link);
        }
    }

    private int FirstOf(int ordinal) => ordinal < _firstOfEntry.Length ? _firstOfEntry[ordinal] : None;

    private ref int EntrySlot(int ordinal)
    {
        if (ordinal >= _firstOfEntry.Length)
        {
            var before = _firstOfEntry.Length;
            Array.Resize(ref _firstOfEntry, Math.Max(ordinal + 1, Math.Max(16, 2 * before)));
            _firstOfEntry.AsSpan(before).Fill(None);
        }

        return ref _firstOfEntry[ordinal];
    }

    private int NewPosting()
    {
        if (_free != None)
        {
            var at = _free;
            _free = _all[at].NextOfEntry;
            return at;
        }

        if (_used == _all.Length)
            Array.Resize(ref _all, 2 * _all.Length);
        return _used++;
    }

    private void TakeOut(ref int link)
    {
        var at = link;
        ref var posting = ref _all[at];
        link = posting.NextOfEntry;
        if (posting.NextOfTerm != None)
            _all[posting.NextOfTerm].PreviousOfTerm = posting.PreviousOfTerm;
        if (posting.PreviousOfTerm != None)
            _all[posting.PreviousOfTerm].NextOfTerm = posting.NextOfTerm;
        else if (posting.NextOfTerm != None)
            _firstOfTerm[posting.Term] = posting.NextOfTerm;
        else
            _firstOfTerm.Remove(posting.Term);
        (posting.NextOfEntry, _free) = (_free, at);
        Count--;
    }

    private struct Posting
    {
        public ulong Term;
        public int Ordinal;
        public int PreviousOfTerm;
        public int NextOfTerm;
        public int NextOfEntry;
    }
}
