using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using KafkaCaching.Store.Entries;

namespace KafkaCaching.Store.Capture;

/// <summary>A queue of packed entries from the writer of a store to the one thread that reads a capture. Added entries become visible when
/// the writer publishes them.</summary>
/// <remarks>The writer closes a block and links the next one before an entry in the next block becomes visible. Therefore, when an entry is
/// visible, the reader finds it at the reader's position, or finds that the block is closed at that position. If the entries for which a
/// block was closed are withdrawn, the block is opened again. This does not affect the reader, because the block was closed after all its
/// visible entries.</remarks>
internal sealed class EntryQueue
{
    private const int PrefixBytes = sizeof(int);

    // An array of 85,000 bytes or more would be on the large object heap, and allocating it could start a full garbage collection on the
    // writer's thread.
    private const int BlockBytes = 64 << 10;

    private readonly long _maxBytes;
    private Block _written = new(0);
    private Block _published;
    private Block _read;
    private int _writtenTo;
    private int _publishedTo;
    private int _readTo;
    private long _added;
    private long _visible;
    private long _taken;

    /// <param name="maxBytes">The maximum number of bytes that the entries in the queue take.</param>
    public EntryQueue(int maxBytes)
    {
        _maxBytes = maxBytes;
        _published = _read = _written;
    }

    /// <summary>Whether all visible entries have been taken. Safe to read from any thread.</summary>
    public bool IsEmpty => Volatile.Read(ref _taken) == Volatile.Read(ref _visible);

    /// <summary>Adds an entry. Called by the writer only.</summary>
    /// <returns>Whether there was room.</returns>
    public bool TryAdd(ReadOnlySpan<byte> key, in EntryMetadata metadata, ReadOnlySpan<byte> content)
    {
        var needed = PackedEntry.Bytes(key.Length, content.Length) + PrefixBytes;
        if (_added + needed - Volatile.Read(ref _taken) > _maxBytes)
            return false;
        if (needed > _written.Bytes.Length - _writtenTo)
            Extend((int)needed);
        var to = _written.Bytes.AsSpan(_writtenTo, (int)needed);
        BinaryPrimitives.WriteInt32LittleEndian(to, (int)needed - PrefixBytes);
        PackedEntry.Write(to[PrefixBytes..], key, metadata, content);
        _writtenTo += (int)needed;
        _added += needed;
        return true;
    }

    /// <summary>Makes the added entries visible. Called by the writer only.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Publish()
    {
        if (_visible == _added)
            return;
        (_published, _publishedTo) = (_written, _writtenTo);
        Volatile.Write(ref _visible, _added);
    }

    /// <summary>Removes the added entries that are not visible yet. Called by the writer only.</summary>
    public void Withdraw()
    {
        (_written, _writtenTo, _added) = (_published, _publishedTo, _visible);
        _written.Open();
    }

    /// <summary>Returns the oldest packed entry that has not been taken yet. The bytes remain valid until <see cref="Take"/>. Called on the
    /// reading thread only.</summary>
    public bool TryPeek(out ReadOnlySpan<byte> packed)
    {
        packed = default;
        if (_taken == Volatile.Read(ref _visible))
            return false;
        while (_readTo == _read.Length)
            (_read, _readTo) = (_read.Next!, 0);
        var bytes = BinaryPrimitives.ReadInt32LittleEndian(_read.Bytes.AsSpan(_readTo));
        packed = _read.Bytes.AsSpan(_readTo + PrefixBytes, bytes);
        return true;
    }

    /// <summary>Removes the entry that was peeked at, which makes room for others. Called on the reading thread only.</summary>
    public void Take(ReadOnlySpan<byte> packed)
    {
        _readTo += PrefixBytes + packed.Length;
        Volatile.Write(ref _taken, _taken + PrefixBytes + packed.Length);
    }

    private void Extend(int needed)
    {
        var next = new Block(Math.Max(BlockBytes, needed));
        _written.Close(_writtenTo, next);
        (_written, _writtenTo) = (next, 0);
    }

    private sealed class Block(int bytes)
    {
        public byte[] Bytes { get; } = GC.AllocateUninitializedArray<byte>(bytes);

        /// <summary>The number of bytes written, once the block is closed.</summary>
        public int Length { get; private set; } = int.MaxValue;

        public Block? Next { get; private set; }

        public void Close(int length, Block next) => (Next, Length) = (next, length);

        public void Open() => (Length, Next) = (int.MaxValue, null);
    }
}
