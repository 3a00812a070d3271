using System.Runtime.InteropServices;
using KafkaCaching.Store.Entries;
using KafkaCaching.Store.Memory;

namespace KafkaCaching.Indexes;

/// <summary>The keys of the indexed entries. Each key has a row, and the row's number represents the entry in the indexes. The rows are
/// stored in large chunks, which cost the garbage collector almost nothing. The writer changes the table under the lock of
/// <see cref="IndexSet"/>, and reads it without the lock.</summary>
/// <remarks>Everything that a look-up reads for a key is in its row, because each further memory location would be a cache miss.</remarks>
/// <param name="indexes">The number of indexes. For each of them, a row holds the first posting of its entry.</param>
internal sealed class KeyTable(int indexes)
{
    public const int None = -1;

    private const int ChunkBytes = 1 << 20;
    private const int UnitBits = 3;
    private const int UnitsOfAChunk = ChunkBytes >> UnitBits;
    private const int PrefetchedRows = 4;

    // The fields of a row. The key comes last.
    private const int NextAt = 0;
    private const int KeyLengthAt = sizeof(int);
    private const int HashOfTermsAt = 2 * sizeof(int);
    private const int FirstPostingAt = HashOfTermsAt + sizeof(ulong);

    private readonly int _keyAt = FirstPostingAt + indexes * sizeof(int);
    private readonly List<byte[]> _chunks = [];
    private readonly Dictionary<int, Stack<int>> _freeRows = [];
    private readonly int[] _prefetched = new int[PrefetchedRows];
    private int[] _buckets = EmptyBuckets(16);
    private int _nextPrefetched;
    private int _usedUnits;
    private long _chunkBytes;

    public int Count { get; private set; }

    public long Bytes => _chunkBytes + (long)sizeof(int) * _buckets.Length;

    /// <summary>Creates hash buckets, each of which is the head of an empty list.</summary>
    public static int[] EmptyBuckets(int count)
    {
        var buckets = new int[count];
        Array.Fill(buckets, None);
        return buckets;
    }

    public ReadOnlySpan<byte> this[int row]
    {
        get
        {
            var fields = Fields(row);
            return fields.Slice(_keyAt, MemoryMarshal.Read<int>(fields[KeyLengthAt..]));
        }
    }

    /// <summary>The field that holds the first posting of an entry in an index.</summary>
    public ref int FirstPosting(int row, int index) => ref IntField(row, FirstPostingAt + index * sizeof(int));

    /// <summary>The field that holds a hash of all the terms of an entry.</summary>
    public ref ulong HashOfTerms(int row) => ref MemoryMarshal.AsRef<ulong>(Fields(row)[HashOfTermsAt..]);

    public int Find(ReadOnlySpan<byte> key)
    {
        for (var row = _buckets[BucketOf(key)]; row != None; row = IntField(row, NextAt))
        {
            if (this[row].SequenceEqual(key))
                return row;
        }

        return None;
    }

    /// <summary>Prefetches the memory that <see cref="Find"/> reads for a key that will be looked up soon: first the bucket and, some calls
    /// later, the row in it. Only the writer calls this. No lock is needed, because no other thread changes the table.</summary>
    public void Prefetch(ReadOnlySpan<byte> key)
    {
        var bucket = BucketOf(key);
        CacheLine.Prefetch(ref _buckets[bucket]);
        ref var place = ref _prefetched[_nextPrefetched];
        var row = _buckets[place & (_buckets.Length - 1)];
        (place, _nextPrefetched) = (bucket, (_nextPrefetched + 1) % PrefetchedRows);
        if (row != None)
            PrefetchRow(row);
    }

    public void PrefetchRow(int row)
    {
        var fields = Fields(row);
        CacheLine.Prefetch(ref fields[0]);
        // Most rows extend into a second cache line.
        CacheLine.Prefetch(ref fields[Math.Min(CacheLine.Bytes, fields.Length - 1)]);
    }

    /// <summary>Adds a key that is not in the table.</summary>
    public int Add(ReadOnlySpan<byte> key)
    {
        if (Count >= _buckets.Length)
            Grow();
        var units = UnitsFor(key.Length);
        if (!_freeRows.TryGetValue(units, out var rows) || !rows.TryPop(out var row))
            row = NewRow(units);
        var fields = Fields(row);
        MemoryMarshal.Write(fields[KeyLengthAt..], key.Length);
        key.CopyTo(fields[_keyAt..]);
        PutInto(ref _buckets[BucketOf(key)], row);
        for (var index = 0; index < indexes; index++)
            FirstPosting(row, index) = None;
        Count++;
        return row;
    }

    public void Remove(int row)
    {
        var key = this[row];
        ref var link = ref _buckets[BucketOf(key)];
        while (link != row)
            link = ref IntField(link, NextAt);
        link = IntField(row, NextAt);
        FreeRows(UnitsFor(key.Length)).Push(row);
        Count--;
    }

    private int UnitsFor(int keyLength) => (_keyAt + keyLength + (1 << UnitBits) - 1) >> UnitBits;

    private int BucketOf(ReadOnlySpan<byte> key) => (int)(KeyHash.Of(key) & (uint)(_buckets.Length - 1));

    // The number of a row is its position in the sequence of all chunks, in units of 8 bytes.
    private Span<byte> Fields(int row) => _chunks[row / UnitsOfAChunk].AsSpan(row % UnitsOfAChunk << UnitBits);

    private ref int IntField(int row, int at) => ref MemoryMarshal.AsRef<int>(Fields(row)[at..]);

    private void PutInto(ref int bucket, int row) => (IntField(row, NextAt), bucket) = (bucket, row);

    private void Grow()
    {
        int[] old = _buckets;
        _buckets = EmptyBuckets(2 * old.Length);
        foreach (var head in old)
        {
            for (var row = head; row != None;)
            {
                var next = IntField(row, NextAt);
                PutInto(ref _buckets[BucketOf(this[row])], row);
                row = next;
            }
        }
    }

    // A row that is longer than a chunk gets a larger chunk of its own, which holds no other row.
    private int NewRow(int units)
    {
        if (_chunks.Count == 0 || _usedUnits + units > UnitsOfAChunk)
        {
            _chunks.Add(new byte[Math.Max(ChunkBytes, units << UnitBits)]);
            _chunkBytes += _chunks[^1].Length;
            _usedUnits = 0;
        }

        var row = checked((_chunks.Count - 1) * UnitsOfAChunk + _usedUnits);
        _usedUnits += units;
        return row;
    }

    private Stack<int> FreeRows(int units)
    {
        if (!_freeRows.TryGetValue(units, out var rows))
            _freeRows.Add(units, rows = new Stack<int>());
        return rows;
    }
}
