using System.IO.Hashing;
using K4os.Compression.LZ4;
using KafkaCaching.Store.Entries;
using Microsoft.Win32.SafeHandles;

namespace KafkaCaching.Snapshots.Format;

/// <summary>Reads a snapshot file. Nothing in the file is trusted before it is verified. Several threads may read frames at the same time,
/// each with its own buffer.</summary>
/// <remarks>The file is never mapped into memory, because accessing a mapped file that has been truncated ends the process.</remarks>
internal sealed class SnapshotReader : IDisposable
{
    private const int MaxFooterBytes = 1 << 30;
    private const int MaxRatio = 256; // LZ4 compresses data to 1/255 of its size at best.

    private readonly SafeFileHandle _file;

    private SnapshotReader(SafeFileHandle file, long bytes, SnapshotDescription description, SnapshotFrame[] frames) =>
        (_file, Bytes, Description, Frames) = (file, bytes, description, frames);

    /// <summary>The size of the file.</summary>
    public long Bytes { get; }

    public SnapshotDescription Description { get; }

    public IReadOnlyList<SnapshotFrame> Frames { get; }

    /// <summary>Opens a file and verifies everything except its frames.</summary>
    /// <exception cref="SnapshotException">The file can't be used.</exception>
    public static SnapshotReader Open(string path)
    {
        SafeFileHandle file;
        try
        {
            file = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        }
        catch (Exception missing) when (missing is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new SnapshotException(ColdStartReason.NoSnapshot, "There is no snapshot.", missing);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new SnapshotException(ColdStartReason.Unreadable, e.Message, e);
        }

        try
        {
            return Verify(file);
        }
        catch (IOException e)
        {
            file.Dispose();
            throw new SnapshotException(ColdStartReason.Unreadable, e.Message, e);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Reads, verifies and unpacks a frame.</summary>
    /// <exception cref="SnapshotException">The file can't be used.</exception>
    public void Read(in SnapshotFrame frame, FrameBuffer buffer)
    {
        var packed = buffer.RoomForPacked(frame.PackedBytes);
        try
        {
            ReadWhole(_file, packed, frame.At);
        }
        catch (IOException e)
        {
            throw new SnapshotException(ColdStartReason.Unreadable, e.Message, e);
        }

        if (XxHash3.HashToUInt64(packed) != frame.Hash)
            throw SnapshotFormat.Damaged("A frame has another hash.");
        if (LZ4Codec.Decode(packed, buffer.RoomForEntries(frame.Bytes)) != frame.Bytes)
            throw SnapshotFormat.Damaged("A frame can't be unpacked.");
    }

    /// <summary>Returns the range of buckets that a frame's entries belong to: from the frame's first bucket to that of the next ordered
    /// frame. The first bucket is negative if the entries are not ordered.</summary>
    public (long First, long End) BucketsOf(int frame)
    {
        var first = Frames[frame].FirstBucket;
        for (var next = frame + 1; next < Frames.Count && first >= 0; next++)
        {
            if (Frames[next].IsOrdered)
                return (first, Frames[next].FirstBucket);
        }

        return (first, Description.Buckets);
    }

    public void Dispose() => _file.Dispose();

    private static SnapshotReader Verify(SafeFileHandle file)
    {
        var bytes = RandomAccess.GetLength(file);
        if (bytes < SnapshotFormat.HeadBytes + SnapshotFormat.TailBytes)
            throw SnapshotFormat.Damaged("The file is too short.");
        Span<byte> head = stackalloc byte[SnapshotFormat.HeadBytes];
        ReadWhole(file, head, 0);
        SnapshotFormat.CheckHead(head);
        Span<byte> tail = stackalloc byte[SnapshotFormat.TailBytes];
        ReadWhole(file, tail, bytes - tail.Length);
        var (footerAt, hash) = SnapshotFormat.ReadTail(tail);
        var footerBytes = bytes - tail.Length - footerAt;
        if (footerAt < head.Length || footerBytes is < 0 or > MaxFooterBytes)
            throw SnapshotFormat.Damaged("The file has another length.");
        var footer = new byte[footerBytes];
        ReadWhole(file, footer, footerAt);
        if (XxHash3.HashToUInt64(footer) != hash)
            throw SnapshotFormat.Damaged("The file's footer has another hash.");
        var (description, frames) = SnapshotFormat.ReadFooter(footer);
        CheckFrames(frames, footerAt, description);
        return new SnapshotReader(file, bytes, description, frames);
    }

    private static void CheckFrames(SnapshotFrame[] frames, long end, SnapshotDescription description)
    {
        long at = SnapshotFormat.HeadBytes;
        long held = 0, bucket = -1;
        foreach (var frame in frames)
        {
            if (frame.At != at || frame.PackedBytes <= 0 || frame.Bytes < 0 || frame.Entries <= 0
                || (long)frame.Entries * PackedEntry.HeaderBytes > frame.Bytes || frame.PackedBytes > end - at
                || frame.Bytes > Math.Min(Array.MaxLength, (long)MaxRatio * frame.PackedBytes))
                throw SnapshotFormat.Damaged("The file's frames do not fit together.");
            if (frame.FirstBucket < SnapshotFrame.Claims || (frame.IsOrdered && frame.FirstBucket <= bucket))
                throw SnapshotFormat.Damaged("The file's frames are in another order.");
            bucket = Math.Max(bucket, frame.FirstBucket);
            at += frame.PackedBytes;
            held += frame.FirstBucket == SnapshotFrame.Claims ? 0 : frame.Entries;
        }

        if (at != end || held != description.Entries)
            throw SnapshotFormat.Damaged("The file's frames do not fit together.");
    }

    private static void ReadWhole(SafeFileHandle file, Span<byte> to, long at)
    {
        while (to.Length > 0)
        {
            var read = RandomAccess.Read(file, to, at);
            if (read == 0)
                throw SnapshotFormat.Damaged("The file has become shorter.");
            to = to[read..];
            at += read;
        }
    }
}
