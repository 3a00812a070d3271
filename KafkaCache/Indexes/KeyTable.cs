using System.Runtime.InteropServices;
using KafkaCaching.Store.Entries;

namespace KafkaCaching.Indexes;

/// <summary>The keys of the indexed entries, each with a small number (ordinal) that represents it in the indexes. The bytes of the keys
/// are in large chunks, which take the garbage collector almost no time. The lock of <see cref="IndexSet"/> guards the table.</summary>
/// <param name="indexes">The number of indexes that keep the first posting of each entry in this table.</param>
internal sealed class KeyTable(int indexes)
{
    public const int None = -1;

    private const int ChunkBytes = 1 << 20;
    private const int UnitBits = 3;
    private const int UnitsOfAChunk = ChunkBytes >> UnitBits;
    private const int LengthBytes = sizeof(int);

    // The cells that are read for a key are adjacent, because each separate place would be a cache miss.
    private const int RoomColumn = 0;
    private const int NextColumn = 1;
    private const int FirstPostingColumn = 2;

    private readonly List<byte[]> _chunks = [];
    private readonly Dictionary<int, Stack<int>> _freeRooms = [];
    private readonly Stack<int> _freeOrdinals = new();
    private readonly int _width = FirstPostingColumn + indexes;
    private int[] _rows = new int[16 * (FirstPostingColumn + indexes)];
    private int[] _buckets = EmptyBuckets(16);
    private int _ordinals;
    private int _usedUnits;
    private long _chunkBytes;

    public int Count => _ordinals - _freeOrdinals.Count;

    public long Bytes => _chunkBytes + (long)sizeof(int) * (_rows.Length + _buckets.Length);

    /// <summary>Creates the heads of empty lists.</summary>
    public static int[] EmptyBuckets(int count)
    {
        var buckets = new int[count];
        Array.Fill(buckets, None);
        return buckets;
    }

    public ReadOnlySpan<byte> this[int ordinal]
    {
        get
        {
            var (chunk, at) = Place(Cell(ordinal, RoomColumn));
            return chunk.AsSpan(at + LengthBytes, MemoryMarshal.Read<int>(chunk.AsSpan(at)));
        }
    }

    /// <summary>The cell in which an index keeps the first posting of an entry.</summary>
    public ref int FirstPosting(int ordinal, int index) => ref Cell(ordinal, FirstPostingColumn + index);

    public int Find(ReadOnlySpan<byte> key)
    {
        for (var ordinal = _buckets[BucketOf(key)]; ordinal != None; ordinal = Cell(ordinal, NextColumn))
        {
            if (this[ordinal].SequenceEqual(key))
                return ordinal;
        }

        return None;
    }

    /// <summary>Adds a key that is not in the table.</summary>
    public int Add(ReadOnlySpan<byte> key)
    {
        if (Count >= _buckets.Length)
            Grow();
        if (!_freeOrdinals.TryPop(out var ordinal))
            ordinal = NewOrdinal();
        Cell(ordinal, RoomColumn) = Store(key);
        PutInto(ref _buckets[BucketOf(key)], ordinal);
        for (var index = 0; index < indexes; index++)
            FirstPosting(ordinal, index) = None;
        return ordinal;
    }

    public void Remove(int ordinal)
    {
        var key = this[ordinal];
        ref var link = ref _buckets[BucketOf(key)];
        while (link != ordinal)
            link = ref Cell(link, NextColumn);
        link = Cell(ordinal, NextColumn);
        RoomsOf(UnitsFor(key.Length)).Push(Cell(ordinal, RoomColumn));
        _freeOrdinals.Push(ordinal);
    }

    private static int UnitsFor(int keyLength) => (LengthBytes + keyLength + (1 << UnitBits) - 1) >> UnitBits;

    private int BucketOf(ReadOnlySpan<byte> key) => (int)(KeyHash.Of(key) & (uint)(_buckets.Length - 1));

    private ref int Cell(int ordinal, int column) => ref _rows[ordinal * _width + column];

    private void PutInto(ref int bucket, int ordinal) => (Cell(ordinal, NextColumn), bucket) = (bucket, ordinal);

    private int NewOrdinal()
    {
        if (_ordinals * _width == _rows.Length)
            Array.Resize(ref _rows, checked(2 * _rows.Length));
        return _ordinals++;
    }

    private void Grow()
    {
        int[] old = _buckets;
        _buckets = EmptyBuckets(2 * old.Length);
        foreach (var head in old)
        {
            for (var ordinal = head; ordinal != None;)
            {
                var next = Cell(ordinal, NextColumn);
                PutInto(ref _buckets[BucketOf(this[ordinal])], ordinal);
                ordinal = next;
            }
        }
    }

    private int Store(ReadOnlySpan<byte> key)
    {
        var units = UnitsFor(key.Length);
        if (!_freeRooms.TryGetValue(units, out var rooms) || !rooms.TryPop(out var room))
            room = NewRoom(units);
        var (chunk, at) = Place(room);
        MemoryMarshal.Write(chunk.AsSpan(at), key.Length);
        key.CopyTo(chunk.AsSpan(at + LengthBytes));
        return room;
    }

    // A room is the number of a chunk and a place in it, combined and counted in units of 8 bytes. A key that is longer than a chunk gets
    // its own, larger chunk, in which no other key gets a place.
    private int NewRoom(int units)
    {
        if (_chunks.Count == 0 || _usedUnits + units > UnitsOfAChunk)
        {
            _chunks.Add(new byte[Math.Max(ChunkBytes, units << UnitBits)]);
            _chunkBytes += _chunks[^1].Length;
            _usedUnits = 0;
        }

        var room = checked((_chunks.Count - 1) * UnitsOfAChunk + _usedUnits);
        _usedUnits += units;
        return room;
    }

    private (byte[] Chunk, int At) Place(int room) => (_chunks[room / UnitsOfAChunk], room % UnitsOfAChunk << UnitBits);

    private Stack<int> RoomsOf(int units)
    {
        if (!_freeRooms.TryGetValue(units, out var rooms))
            _freeRooms.Add(units, rooms = new Stack<int>());
        return rooms;
    }
}
