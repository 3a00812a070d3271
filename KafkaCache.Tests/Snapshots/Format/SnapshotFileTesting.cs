using System.Security.Cryptography;
using KafkaCaching.Snapshots;
using KafkaCaching.Snapshots.Format;
using KafkaCaching.Store;
using KafkaCaching.Store.Capture;
using KafkaCaching.Store.Faster;
using KafkaCaching.Tests.Store;

namespace KafkaCaching.Tests.Snapshots.Format;

/// <summary>Writes and loads snapshot files without a cache.</summary>
internal static class SnapshotFileTesting
{
    public const string Fingerprint = "as the tests are";

    public static readonly DateTimeOffset Noon = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);

    public static SnapshotDescription Description(params long[] positions) => new(
        "topic id", [.. positions.Select(Partition)], CaughtUp: Noon, TimeSpan.FromDays(1), Written: Noon.AddSeconds(5), Fingerprint,
        SnapshotDescription.ThisLibrary, Entries: 0, Buckets: 0);

    /// <summary>Writes the entries of a store below the given positions.</summary>
    /// <param name="to">The file.</param>
    /// <param name="store">The store.</param>
    /// <param name="positions">The positions.</param>
    /// <param name="afterGroup">Called with the number of each group after it was written, to change the store meanwhile.</param>
    public static void Write(string to, IStateStore store, long[] positions, Action<long>? afterGroup = null)
    {
        using var capture = store.BeginCapture(positions)!;
        using var file = File.Create(to);
        var writer = new SnapshotWriter(file);
        for (var group = 0L; capture.MoveNext(); group++)
        {
            writer.Add(capture);
            afterGroup?.Invoke(group);
        }

        Assert.Equal(CaptureEnd.None, capture.End);
        writer.End(Description(positions) with { Buckets = capture.Buckets });
    }

    /// <exception cref="SnapshotException">The file can't be used.</exception>
    public static FasterStateStore Load(string from)
    {
        using var snapshot = SnapshotReader.Open(from);
        return Load(snapshot);
    }

    /// <exception cref="SnapshotException">The file can't be used.</exception>
    public static FasterStateStore Load(SnapshotReader snapshot)
    {
        var store = StoreTesting.NewStore(expected: Math.Min(snapshot.Description.Entries, 10_000));
        try
        {
            SnapshotLoader.Load(snapshot, store, claims: null, new LoadProgress());
            return store;
        }
        catch
        {
            store.Dispose();
            throw;
        }
    }

    /// <summary>Returns one line per entry, ordered by key, with all its metadata.</summary>
    public static string[] ContentOf(IStateStore store)
    {
        var lines = new List<string>();
        using var scan = store.Scan();
        while (scan.MoveNext())
            lines.Add($"{Convert.ToHexString(scan.Key)} {scan.Metadata} {Convert.ToHexString(SHA256.HashData(scan.Content))}");
        lines.Sort(StringComparer.Ordinal);
        return [.. lines];
    }

    private static SnapshotPartition Partition(long position) =>
        new(position, position, position == 0 ? SnapshotPartition.NoEpoch : 3, LogStart: 0, TimestampMs: 7);
}
