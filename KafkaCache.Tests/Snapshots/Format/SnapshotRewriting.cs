using System.IO.Hashing;
using K4os.Compression.LZ4;
using KafkaCaching.Snapshots.Format;

namespace KafkaCaching.Tests.Snapshots.Format;

/// <summary>Rewrites a snapshot file with another description or other frames, and with correct hashes.</summary>
internal static class SnapshotRewriting
{
    public static void Rewrite(
        string path, Func<SnapshotDescription, SnapshotDescription>? describe = null,
        Func<List<(byte[] Bytes, int Entries)>, List<(byte[] Bytes, int Entries)>>? change = null,
        long firstBucket = SnapshotFrame.Unordered)
    {
        byte[] written;
        using (var file = SnapshotReader.Open(path))
            written = Rewritten(file, describe ?? (static same => same), change ?? (static same => same), firstBucket);
        File.WriteAllBytes(path, written);
    }

    private static byte[] Rewritten(
        SnapshotReader file, Func<SnapshotDescription, SnapshotDescription> describe,
        Func<List<(byte[] Bytes, int Entries)>, List<(byte[] Bytes, int Entries)>> change, long firstBucket)
    {
        var frames = change([.. file.Frames.Select(frame => (RehashedMutation.Read(file, frame), frame.Entries))]);
        var into = new MemoryStream();
        into.Write(SnapshotFormat.Head());
        var directory = new List<SnapshotFrame>();
        foreach (var (bytes, entries) in frames)
        {
            var packed = new byte[LZ4Codec.MaximumOutputSize(bytes.Length)];
            packed = packed[..LZ4Codec.Encode(bytes, packed)];
            directory.Add(new(into.Length, packed.Length, bytes.Length, entries, firstBucket, XxHash3.HashToUInt64(packed)));
            into.Write(packed);
        }

        var footer = SnapshotFormat.Footer(
            describe(file.Description with { Entries = frames.Sum(static frame => (long)frame.Entries) }), directory);
        var at = into.Length;
        into.Write(footer);
        into.Write(SnapshotFormat.Tail(footer, at));
        return into.ToArray();
    }
}
