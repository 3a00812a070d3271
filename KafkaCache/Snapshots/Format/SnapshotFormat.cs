using System.Buffers.Binary;
using System.IO.Hashing;
using System.Numerics;

namespace KafkaCaching.Snapshots.Format;

/// <summary>The layout of a snapshot file: a head, frames without gaps, a footer with the description and a directory of the frames, and a
/// tail with the position of the footer. Every byte is covered by a hash or compared with its expected value. Numbers are
/// little-endian.</summary>
internal static class SnapshotFormat
{
    public const int HeadBytes = 64;
    public const int TailBytes = 32;

    private const int Version = 2;
    private const int MaxPartitions = 1 << 23;
    private const ulong HeadMagic = 0x31544F4853504143; // The bytes of "CAPSHOT1".
    private const ulong TailMagic = 0x31444E4553504143; // The bytes of "CAPSEND1".
    private const long NoRetention = -1;
    private const int FrameBytes = 8 + 4 + 4 + 4 + 8 + 8;

    public static byte[] Head()
    {
        var head = new byte[HeadBytes];
        BinaryPrimitives.WriteUInt64LittleEndian(head, HeadMagic);
        BinaryPrimitives.WriteInt32LittleEndian(head.AsSpan(8), Version);
        return head;
    }

    /// <exception cref="SnapshotException">The file does not begin with the head of a snapshot of this version.</exception>
    public static void CheckHead(ReadOnlySpan<byte> head)
    {
        var expected = Head();
        if (head.SequenceEqual(expected))
            return;
        if (BinaryPrimitives.ReadUInt64LittleEndian(head) == HeadMagic && BinaryPrimitives.ReadInt32LittleEndian(head[8..]) != Version)
            throw new SnapshotException(ColdStartReason.OtherFormat, "The file has another format.");
        throw Damaged("The file's head is not that of a snapshot.");
    }

    public static byte[] Footer(SnapshotDescription description, IReadOnlyList<SnapshotFrame> frames)
    {
        var bytes = new MemoryStream();
        using var writer = new BinaryWriter(bytes);
        writer.Write(description.Library);
        writer.Write(description.Fingerprint);
        writer.Write(description.TopicId);
        writer.Write(description.CaughtUp.ToUnixTimeMilliseconds());
        writer.Write(description.DeleteRetention?.Ticks ?? NoRetention);
        writer.Write(description.Written.ToUnixTimeMilliseconds());
        writer.Write(description.Entries);
        writer.Write(description.Buckets);
        writer.Write(description.HasKeysInTwoPartitions);
        writer.Write(description.LacksEvictedEntries);
        writer.Write(description.Partitions.Length);
        foreach (var partition in description.Partitions)
        {
            writer.Write(partition.Position);
            writer.Write(partition.ResumeAt);
            writer.Write(partition.LeaderEpoch);
            writer.Write(partition.LogStart);
            writer.Write(partition.TimestampMs);
        }

        writer.Write(frames.Count);
        foreach (var frame in frames)
        {
            writer.Write(frame.At);
            writer.Write(frame.PackedBytes);
            writer.Write(frame.Bytes);
            writer.Write(frame.Entries);
            writer.Write(frame.FirstBucket);
            writer.Write(frame.Hash);
        }

        return bytes.ToArray();
    }

    /// <exception cref="SnapshotException">The bytes are not a valid footer.</exception>
    public static (SnapshotDescription Description, SnapshotFrame[] Frames) ReadFooter(byte[] footer)
    {
        try
        {
            using var reader = new BinaryReader(new MemoryStream(footer));
            var description = ReadDescription(reader);
            var count = reader.ReadInt32();
            if (count < 0 || (long)count * FrameBytes != footer.Length - reader.BaseStream.Position)
                throw Damaged("The file's directory has another length.");
            var frames = new SnapshotFrame[count];
            for (var i = 0; i < count; i++)
            {
                frames[i] = new(
                    reader.ReadInt64(), reader.ReadInt32(), reader.ReadInt32(), reader.ReadInt32(), reader.ReadInt64(),
                    reader.ReadUInt64());
            }

            return (description, frames);
        }
        catch (Exception e) when (e is EndOfStreamException or FormatException or ArgumentException or IOException)
        {
            throw Damaged("The file's footer can't be read.", e);
        }
    }

    /// <param name="footer">The footer.</param>
    /// <param name="at">The position in the file at which the footer begins.</param>
    public static byte[] Tail(ReadOnlySpan<byte> footer, long at)
    {
        var tail = new byte[TailBytes];
        BinaryPrimitives.WriteInt64LittleEndian(tail, at);
        BinaryPrimitives.WriteUInt64LittleEndian(tail.AsSpan(8), XxHash3.HashToUInt64(footer));
        BinaryPrimitives.WriteUInt64LittleEndian(tail.AsSpan(16), TailMagic);
        BinaryPrimitives.WriteUInt64LittleEndian(tail.AsSpan(24), XxHash3.HashToUInt64(tail.AsSpan(0, 24)));
        return tail;
    }

    /// <summary>Returns the position at which the footer begins, and the footer's hash.</summary>
    /// <exception cref="SnapshotException">The file does not end with the tail of a snapshot.</exception>
    public static (long At, ulong Hash) ReadTail(ReadOnlySpan<byte> tail)
    {
        if (BinaryPrimitives.ReadUInt64LittleEndian(tail[16..]) != TailMagic
            || BinaryPrimitives.ReadUInt64LittleEndian(tail[24..]) != XxHash3.HashToUInt64(tail[..24]))
            throw Damaged("The file is not complete.");
        return (BinaryPrimitives.ReadInt64LittleEndian(tail), BinaryPrimitives.ReadUInt64LittleEndian(tail[8..]));
    }

    public static SnapshotException Damaged(string problem, Exception? cause = null) => new(ColdStartReason.Damaged, problem, cause);

    public static SnapshotException DuplicateKey() => Damaged("The file holds a key twice.");

    private static SnapshotDescription ReadDescription(BinaryReader reader)
    {
        var (library, fingerprint, topicId) = (reader.ReadString(), reader.ReadString(), reader.ReadString());
        var caughtUp = DateTimeOffset.FromUnixTimeMilliseconds(reader.ReadInt64());
        var retention = reader.ReadInt64();
        var written = DateTimeOffset.FromUnixTimeMilliseconds(reader.ReadInt64());
        var (entries, buckets) = (reader.ReadInt64(), reader.ReadInt64());
        var (hasKeysInTwoPartitions, lacksEvictedEntries) = (reader.ReadBoolean(), reader.ReadBoolean());
        var count = reader.ReadInt32();
        if (entries < 0 || buckets <= 0 || !BitOperations.IsPow2(buckets) || retention < NoRetention
            || count is < 0 or > MaxPartitions || count > reader.BaseStream.Length)
            throw Damaged("The file's counts are impossible.");
        var partitions = new SnapshotPartition[count];
        for (var i = 0; i < count; i++)
        {
            partitions[i] = new(
                reader.ReadInt64(), reader.ReadInt64(), reader.ReadInt32(), reader.ReadInt64(), reader.ReadInt64());
            if (!partitions[i].IsPossible)
                throw Damaged("The file's positions are impossible.");
        }

        return new SnapshotDescription(
            topicId, partitions, caughtUp, retention == NoRetention ? null : TimeSpan.FromTicks(retention), written, fingerprint, library,
            entries, buckets) { HasKeysInTwoPartitions = hasKeysInTwoPartitions, LacksEvictedEntries = lacksEvictedEntries };
    }
}
