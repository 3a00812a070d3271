using System.IO.Hashing;
using K4os.Compression.LZ4;
using KafkaCaching.Store.Capture;

namespace KafkaCaching.Snapshots.Format;

/// <summary>Writes a snapshot to a stream. It collects the groups of entries of a capture in frames, and compresses and writes each full
/// frame. It is used by one thread.</summary>
internal sealed class SnapshotWriter
{
    // The size is small enough to unpack a whole frame for a read of one entry, and large enough to compress well.
    private const int FrameBytes = 32 * 1024;

    private readonly Stream _to;
    private readonly List<SnapshotFrame> _frames = [];
    private readonly FilledFrame _ordered = new();
    private readonly FilledFrame _unordered = new();
    private readonly FilledFrame _claims = new();
    private byte[] _packed = [];
    private long _entries;

    public SnapshotWriter(Stream to)
    {
        _to = to;
        Write(SnapshotFormat.Head());
    }

    /// <summary>The number of bytes written so far.</summary>
    public long Bytes { get; private set; }

    public long Entries => _entries;

    /// <summary>Adds the current group of a capture, and those entries of later groups that the capture has saved early.</summary>
    public void Add(EntryCapture capture)
    {
        Add(capture.Group, capture.FirstBucket, _ordered);
        Add(capture.Early, SnapshotFrame.Unordered, _unordered);
    }

    public void AddClaim(ReadOnlySpan<byte> packed) => Add(packed, count: 1, SnapshotFrame.Claims, _claims);

    /// <summary>Writes the remaining entries and the end of the file.</summary>
    /// <param name="description">The description, without the number of entries.</param>
    /// <returns>The description as it was written.</returns>
    public SnapshotDescription End(SnapshotDescription description)
    {
        WriteFrame(_ordered);
        WriteFrame(_unordered);
        WriteFrame(_claims);
        var written = description with { Entries = _entries };
        var footer = SnapshotFormat.Footer(written, _frames);
        var at = Bytes;
        Write(footer);
        Write(SnapshotFormat.Tail(footer, at));
        return written;
    }

    // A frame consists of whole groups.
    private void Add(PackedEntries entries, long firstBucket, FilledFrame frame)
    {
        if (entries.Count == 0)
            return;
        Add(entries.Bytes, entries.Count, firstBucket, frame);
        _entries += entries.Count;
    }

    private void Add(ReadOnlySpan<byte> packed, int count, long firstBucket, FilledFrame frame)
    {
        if (frame.Length + packed.Length > FrameBytes)
            WriteFrame(frame);
        if (frame.Count == 0)
            frame.FirstBucket = firstBucket;
        frame.Add(packed, count);
    }

    private void WriteFrame(FilledFrame frame)
    {
        if (frame.Count == 0)
            return;
        var most = LZ4Codec.MaximumOutputSize(frame.Length);
        if (_packed.Length < most)
            _packed = GC.AllocateUninitializedArray<byte>(most);
        var length = LZ4Codec.Encode(frame.Bytes, _packed);
        var packed = _packed.AsSpan(0, length);
        _frames.Add(new(Bytes, length, frame.Length, frame.Count, frame.FirstBucket, XxHash3.HashToUInt64(packed)));
        Write(packed);
        frame.Clear();
    }

    private void Write(ReadOnlySpan<byte> bytes)
    {
        _to.Write(bytes);
        Bytes += bytes.Length;
    }

    private sealed class FilledFrame
    {
        private byte[] _bytes = new byte[FrameBytes];

        public int Length { get; private set; }

        public int Count { get; private set; }

        public long FirstBucket { get; set; }

        public ReadOnlySpan<byte> Bytes => _bytes.AsSpan(0, Length);

        public void Add(ReadOnlySpan<byte> entries, int count)
        {
            if (Length + entries.Length > _bytes.Length)
                Array.Resize(ref _bytes, Length + entries.Length);
            entries.CopyTo(_bytes.AsSpan(Length));
            Length += entries.Length;
            Count += count;
        }

        public void Clear()
        {
            Length = Count = 0;
            if (_bytes.Length > FrameBytes)
                _bytes = new byte[FrameBytes];
        }
    }
}
