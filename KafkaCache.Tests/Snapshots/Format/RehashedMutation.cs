using System.IO.Hashing;
using K4os.Compression.LZ4;
using KafkaCaching.Snapshots.Format;

namespace KafkaCaching.Tests.Snapshots.Format;

/// <summary>Changes the content of a file and recomputes all its hashes.</summary>
internal static class RehashedMutation
{
    private static readonly long[] Odd =
        [0, -1, 1, int.MaxValue, int.MinValue, long.MaxValue, long.MinValue, 1L << 48, (1L << 48) - 1, 1 << 24, 255, 256];

    public static byte[] Of(SnapshotReader file, Random random)
    {
        var description = file.Description;
        var frames = file.Frames.Select(frame => (Frame: frame, Bytes: Read(file, frame))).ToList();
        var into = new MemoryStream();
        into.Write(SnapshotFormat.Head());
        var changed = random.Next(frames.Count);
        var way = random.Next(8);
        var directory = new List<SnapshotFrame>();
        for (var i = 0; i < frames.Count; i++)
        {
            var (frame, bytes) = frames[i];
            if (i == changed && way < 4)
                Change(bytes, random);
            var packed = new byte[LZ4Codec.MaximumOutputSize(bytes.Length)];
            packed = packed[..LZ4Codec.Encode(bytes, packed)];
            if (i == changed && way == 4)
                packed[random.Next(packed.Length)] ^= (byte)(1 << random.Next(8));
            frame = frame with { At = into.Length, PackedBytes = packed.Length, Hash = XxHash3.HashToUInt64(packed) };
            directory.Add(i == changed && way == 5 ? Change(frame, random) : frame);
            into.Write(packed);
        }

        if (way == 6)
            description = Change(description, random);
        var footer = SnapshotFormat.Footer(description, directory);
        if (way == 7)
            footer[random.Next(footer.Length)] ^= (byte)(1 << random.Next(8));
        var at = into.Length;
        into.Write(footer);
        into.Write(SnapshotFormat.Tail(footer, at));
        return into.ToArray();
    }

    public static byte[] Read(SnapshotReader file, SnapshotFrame frame)
    {
        var buffer = new FrameBuffer();
        file.Read(frame, buffer);
        return buffer.Entries.ToArray();
    }

    // Mostly changes the numbers in front of the first entry.
    private static void Change(byte[] bytes, Random random)
    {
        var at = random.Next(3) == 0 ? random.Next(bytes.Length - 8) : random.Next(40);
        if (random.Next(2) == 0)
            bytes[at] ^= (byte)(1 << random.Next(8));
        else
            BitConverter.GetBytes(Odd[random.Next(Odd.Length)]).CopyTo(bytes, at & ~3);
    }

    private static SnapshotFrame Change(SnapshotFrame frame, Random random)
    {
        var odd = Odd[random.Next(Odd.Length)];
        return random.Next(5) switch
        {
            0 => frame with { At = odd },
            1 => frame with { PackedBytes = (int)odd },
            2 => frame with { Bytes = (int)odd },
            3 => frame with { Entries = (int)odd },
            _ => frame with { FirstBucket = odd },
        };
    }

    private static SnapshotDescription Change(SnapshotDescription description, Random random)
    {
        var odd = Odd[random.Next(Odd.Length)];
        return random.Next(4) switch
        {
            0 => description with { Entries = odd },
            1 => description with { Buckets = odd },
            2 => description with { Partitions = [.. description.Partitions.Take(random.Next(description.Partitions.Length))] },
            _ => description with { Partitions = [.. description.Partitions.Select(partition => partition with { Position = odd })] },
        };
    }
}
