using System.Runtime.CompilerServices;

namespace KafkaCaching.Indexes;

/// <summary>The postings of an index: pairs of a term and an entry that has the term. Each posting is in two lists, that of its term and
/// that of its entry, so that it can be found and removed from either side. The lock of <see cref="IndexSet"/> guards the
/// postings.</summary>
/// <param name="keys">The table of entries, which holds the first posting of each entry.</param>
/// <param name="index">The number of the index to which the postings belong.</param>
internal sealed class Postings(KeyTable keys, int index)
{
    private const int None = KeyTable.None;
    private const int FirstBuckets = 16;

    private Posting[] _all = new Posting[FirstBuckets];
    private int[] _buckets = KeyTable.EmptyBuckets(FirstBuckets);
    private int _terms;
    private int _free = None;
    private int _used;

    public long Terms => _terms;

    public long Count { get; private set; }

    public long Bytes => (long)Unsafe.SizeOf<Posting>() * _all.Length + (long)sizeof(int) * _buckets.Length;

    public void AddRowsOf(ulong term, List<int> rows)
    {
        var link = LinkToFirstOf(term);
        for (var at = link == None ? None : Head(link); at != None; at = _all[at].NextOfTerm)
            rows.Add(_all[at].Row);
    }

    public bool Has(int row, ulong term)
    {
        for (var at = keys.FirstPosting(row, index); at != None; at = _all[at].NextOfEntry)
        {
            if (_all[at].Term == term)
                return true;
        }

        return false;
    }

    public HashSet<ulong> TermsOf(int row)
    {
        var terms = new HashSet<ulong>();
        for (var at = keys.FirstPosting(row, index); at != None; at = _all[at].NextOfEntry)
            terms.Add(_all[at].Term);
        return terms;
    }

    /// <summary>Adds a posting that does not exist yet.</summary>
    public void Add(int row, ulong term)
    {
        if (_terms >= _buckets.Length)
            Grow();
        var at = NewPosting();
        ref var firstOfEntry = ref keys.FirstPosting(row, index);
        ref var firstOfTerm = ref LinkToFirstOf(term);
        ref var posting = ref _all[at];
        posting = new Posting { Row = row, Term = term, Previous = None, NextOfTerm = None, NextOfEntry = firstOfEntry };
        if (firstOfTerm == None)
            _terms++;
        else
            PutBefore(ref posting, at, Head(firstOfTerm));
        firstOfTerm = HeadLink(at);
        firstOfEntry = at;
        Count++;
    }

    public void Remove(int row, ulong term)
    {
        ref var link = ref keys.FirstPosting(row, index);
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

    /// <summary>Removes an entry's postings, except those of the given terms.</summary>
    public void RemoveAllBut(int row, List<ulong> terms)
    {
        var kept = terms.Count > IndexSet.FewTerms ? terms.ToHashSet() : null;
        ref var link = ref keys.FirstPosting(row, index);
        while (link != None)
        {
            if (kept?.Contains(_all[link].Term) ?? terms.Contains(_all[link].Term))
                link = ref _all[link].NextOfEntry;
            else
                TakeOut(ref link);
        }
    }

    // The first posting of a term has no previous posting, so its field Previous instead links to the first posting of the next term in the
    // same bucket. Such a link is encoded as a negative number.
    private static int HeadLink(int at) => -2 - at;

    private static int Head(int link) => -2 - link;

    /// <summary>Returns a reference to the link to the first posting of a term. If the term has no posting, the link is <see cref="None"/>,
    /// and a first posting belongs there.</summary>
    private ref int LinkToFirstOf(ulong term)
    {
        // The hash of a term that is not a string is well distributed only in its upper half.
        ref var link = ref _buckets[(int)(term >> 32) & (_buckets.Length - 1)];
        while (link != None && _all[Head(link)].Term != term)
            link = ref _all[Head(link)].Previous;
        return ref link;
    }

    private void Grow()
    {
        int[] old = _buckets;
        _buckets = KeyTable.EmptyBuckets(2 * old.Length);
        foreach (var first in old)
        {
            for (var link = first; link != None;)
            {
                ref var posting = ref _all[Head(link)];
                ref var bucket = ref _buckets[(int)(posting.Term >> 32) & (_buckets.Length - 1)];
                (link, posting.Previous, bucket) = (posting.Previous, bucket, link);
            }
        }
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

    private void PutBefore(ref Posting posting, int at, int first)
    {
        posting.NextOfTerm = first;
        (posting.Previous, _all[first].Previous) = (_all[first].Previous, at);
    }

    private void TakeOut(ref int link)
    {
        var at = link;
        ref var posting = ref _all[at];
        link = posting.NextOfEntry;
        if (posting.Previous < 0)
            TakeOutFirst(ref LinkToFirstOf(posting.Term), posting);
        else
            TakeOutLater(posting);
        (posting.NextOfEntry, _free) = (_free, at);
        Count--;
    }

    private void TakeOutFirst(ref int link, in Posting posting)
    {
        if (posting.NextOfTerm == None)
        {
            link = posting.Previous;
            _terms--;
        }
        else
        {
            _all[posting.NextOfTerm].Previous = posting.Previous;
            link = HeadLink(posting.NextOfTerm);
        }
    }

    private void TakeOutLater(in Posting posting)
    {
        _all[posting.Previous].NextOfTerm = posting.NextOfTerm;
        if (posting.NextOfTerm != None)
            _all[posting.NextOfTerm].Previous = posting.Previous;
    }

    private struct Posting
    {
        public ulong Term;
        public int Row;
        public int Previous;
        public int NextOfTerm;
        public int NextOfEntry;
    }
}
