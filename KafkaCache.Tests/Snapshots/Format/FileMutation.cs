using KafkaCaching.Snapshots.Format;

namespace KafkaCaching.Tests.Snapshots.Format;

/// <summary>Damages a file as faulty disks, interrupted copies or manual edits might.</summary>
internal static class FileMutation
{
    private const int Ways = 9;

    /// <summary>Returns a damaged copy of the file and a description of the damage.</summary>
    public static (byte[] File, string What) Of(byte[] file, IReadOnlyList<SnapshotFrame> frames, Random random)
    {
        while (true)
        {
            var way = random.Next(Ways);
            var mutated = Mutate(way, file, frames, random);
            if (!mutated.AsSpan().SequenceEqual(file))
                return (mutated, $"way {way}, {mutated.Length} of {file.Length} bytes");
        }
    }

    private static byte[] Mutate(int way, byte[] file, IReadOnlyList<SnapshotFrame> frames, Random random)
    {
        var (from, to) = Range(file.Length, random);
        var copy = file.ToArray();
        switch (way)
        {
            case 0:
                for (var i = random.Next(1, 9); i > 0; i--)
                    copy[random.Next(copy.Length)] ^= (byte)(1 << random.Next(8));
                return copy;
            case 1:
                return copy[..random.Next(copy.Length)];
            case 2:
                copy.AsSpan(from..to).Clear();
                return copy;
            case 3:
                return Swap(file, frames[random.Next(frames.Count)], frames[random.Next(frames.Count)]);
            case 4:
                return [.. copy, .. Bytes(random, 1 + random.Next(5_000))];
            case 5:
                return [.. copy[..to], .. copy[from..]]; // Repeats a range.
            case 6:
                return [.. copy[..from], .. copy[to..]]; // Omits a range.
            case 7:
                // Changes a byte in the header or near the end, in the footer.
                copy[random.Next(2) == 0 ? random.Next(64) : copy.Length - 1 - random.Next(600)] = (byte)random.Next(256);
                return copy;
            default:
                Bytes(random, to - from).CopyTo(copy, from);
                return copy;
        }
    }

    private static byte[] Swap(byte[] file, SnapshotFrame one, SnapshotFrame other)
    {
        if (one.At > other.At)
            (one, other) = (other, one);
        if (one.At == other.At)
            return file;
        var (oneEnd, otherEnd) = ((int)one.At + one.PackedBytes, (int)other.At + other.PackedBytes);
        return
        [
            .. file[..(int)one.At], .. file[(int)other.At..otherEnd], .. file[oneEnd..(int)other.At], .. file[(int)one.At..oneEnd],
            .. file[otherEnd..],
        ];
    }

    private static (int From, int To) Range(int length, Random random)
    {
        var from = random.Next(length);
        return (from, from + 1 + random.Next(Math.Min(length - from, 8_192)));
    }

    private static byte[] Bytes(Random random, int count)
    {
        var bytes = new byte[count];
        random.NextBytes(bytes);
        return bytes;
    }
}
