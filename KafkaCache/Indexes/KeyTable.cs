using System.Runtime.InteropServices;
using KafkaCaching.Store.Entries;

namespace KafkaCaching.Indexes;

/// <summary>The keys of the indexed entries, each with a small number (ordinal) that stands for it in the indexes. The keys' bytes lie in
/// large chunks, which cost the garbage collector nothing. Guarded by <see cref="IndexSet"/>.</summary>
internal sealed class KeyTable
{
    public const int None = -1;

    private const int ChunkBytes = 1 << 20;
    private const int UnitBits = 3;
    private const int UnitsOfAChunk = ChunkBytes >> UnitBits;
    private const int LengthBytes = sizeof(int);

    private readonly List<byte[]> _chunks = [];
    private readonly Dictionary<int, Stack<int>> _freeRooms = [];
    private readonly Stack<int> _freeOrdinals = new();
    private int[] _rooms = new int[16];
    private int[] _next = new int[16];
    private int[] _buckets = new int[16];
    private int _ordinals;
    private int _usedUnits;
    private long _chunkBytes;

    public KeyTable() => Array.Fill(_buckets, None);

    public int Count => _ordinals - _freeOrdinals.Count;

    /// <summary>One more than the highest ordinal given so far.</summary>
    public int Ordinals => _ordinals;

    public long Bytes => _chunkBytes + (long)sizeof(int) * (_rooms.Length + _next.Length + _buckets.Length);

    public ReadOnlySpan<byte> this[int ordinal]
    {
        get
        {
            var (chunk, at) = Place(_rooms[ordinal]);
            return chunk.AsSpan(at + LengthBytes, MemoryMarshal.Read<int>(chunk.AsSpan(at)));
        }
    }

    public int Find(ReadOnlySpan<byte> key)
    {
        for (var ordinal = _buckets[BucketOf(key)]; ordinal != None; ordinal = _next[ordinal])
        {
            if (this[ordinal].SequenceEqual(key))
                return ordinal;
        }

        return None;
    }

    /// <summary>Adds a key that is not there.</summary>
    public int Add(ReadOnlySpan<byte> key)
    {
        if (Count >= _buckets.Length)
            Grow();
        if (!_freeOrdinals.TryPop(out var ordinal))
            ordinal = NewOrdinal();
        _rooms[ordinal] = Store(key);
        ref var bucket = ref _buckets[BucketOf(key)];
        (_next[ordinal], bucket) = (bucket, ordinal);
        return ordinal;
    }

    public void Remove(int ordinal)
    {
        var key = this[ordinal];
        ref var link = ref _buckets[BucketOf(key)];
        while (link != ordinal)
            link = ref _next[link];
        link = _next[ordinal];
        RoomsOf(UnitsFor(key.Length)).Push(_rooms[ordinal]);
        _freeOrdinals.Push(ordinal);
    }

    private static int UnitsFor(int keyLength) => (LengthBytes + keyLength + (1 << UnitBits) - 1) >> UnitBits;

    private int BucketOf(ReadOnlySpan<byte> key) => (int)(KeyHash.Of(key) & (uint)(_buckets.Length - 1));

    private int NewOrdinal()
    {
        if (_ordinals == _rooms.Length)
        {
            Array.Resize(ref _rooms, 2 * _rooms.Length);
            Array.Resize(ref _next, 2 * _next.Length);
        }

        return _ordinals++;
    }

    private void Grow()
    {
        int[] old = _buckets;
        _buckets = new int[2 * old.Length];
        Array.Fill(_buckets, None);
        foreach (var head in old)
        {
            for (var ordinal = head; ordinal != None;)
            {
                var next = _next[ordinal];
                ref var bucket = ref _buckets[BucketOf(this[ordinal])];
                (_next[ordinal], bucket) = (bucket, ordinal);
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

    // A room is a chunk's number and a place in it, in units of 8 bytes. A key that is longer than a chunk has one of its own, and the
    // places in it that nobody can have are left out.
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
