using System.Runtime.CompilerServices;
using KafkaCaching.Store.Entries;

namespace KafkaCaching.Snapshots.Format;

/// <summary>Enumerates and verifies the entries of frames. It is used by one thread, and can be reused for any number of frames.</summary>
internal sealed class FrameEntries(SnapshotReader snapshot)
{
    private readonly FrameBuffer _buffer = new();
    private EntryMetadata _metadata;
    private int _at;
    private int _key;
    private int _keyLength;
    private int _contentLength;
    private int _left;
    private long _firstBucket;
    private long _endBucket;

    public ReadOnlySpan<byte> Key => _buffer.Entries.Slice(_key, _keyLength);

    public ReadOnlySpan<byte> Content => _buffer.Entries.Slice(_key + _keyLength, _contentLength);

    public ref readonly EntryMetadata Metadata => ref _metadata;

    public ulong Hash { get; private set; }

    /// <summary>Reads, verifies and unpacks a frame.</summary>
    /// <exception cref="SnapshotException">The snapshot can't be used.</exception>
    public void Open(int frame)
    {
        snapshot.Read(snapshot.Frames[frame], _buffer);
        (_at, _left) = (0, snapshot.Frames[frame].Entries);
        (_firstBucket, _endBucket) = snapshot.BucketsOf(frame);
    }

    /// <summary>Moves to the next entry of the frame.</summary>
    /// <exception cref="SnapshotException">The snapshot can't be used.</exception>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public bool MoveNext()
    {
        var rest = _buffer.Entries[_at..];
        if (_left == 0)
            return rest.Length == 0 ? false : throw SnapshotFormat.Damaged("A frame holds more than its entries.");
        var bytes = PackedEntry.Read(rest, out var key, out _metadata, out var content);
        if (bytes == 0)
            throw SnapshotFormat.Damaged("A frame holds something other than entries.");
        Hash = KeyHash.Of(key);
        RequirePlace();
        (_key, _keyLength, _contentLength) = (_at + PackedEntry.HeaderBytes, key.Length, content.Length);
        _at += bytes;
        _left--;
        return true;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void RequirePlace()
    {
        var partitions = snapshot.Description.Partitions;
        if (_metadata.Partition >= partitions.Length || (ulong)_metadata.Offset >= (ulong)partitions[_metadata.Partition].Position)
            throw SnapshotFormat.Damaged("The file holds an entry that is not from before the snapshot's positions.");
        var bucket = (long)Hash & (snapshot.Description.Buckets - 1);
        if (_firstBucket >= 0 && (bucket < _firstBucket || bucket >= _endBucket))
            throw SnapshotFormat.Damaged("The file holds an entry outside its bucket.");
    }
}

/// <summary>The buffers into which frames are read, one after another.</summary>
internal sealed class FrameBuffer
{
    private byte[] _packed = [];
    private byte[] _entries = [];
    private int _length;

    /// <summary>The entries of the frame that was unpacked last.</summary>
    public ReadOnlySpan<byte> Entries => _entries.AsSpan(0, _length);

    public Span<byte> RoomForPacked(int bytes) => Room(ref _packed, bytes);

    public Span<byte> RoomForEntries(int bytes)
    {
        _length = bytes;
        return Room(ref _entries, bytes);
    }

    private static Span<byte> Room(ref byte[] buffer, int bytes)
    {
        if (buffer.Length < bytes)
            buffer = GC.AllocateUninitializedArray<byte>(bytes);
        return buffer.AsSpan(0, bytes);
    }
}
