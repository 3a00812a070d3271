using KafkaCaching.Snapshots;
using KafkaCaching.Snapshots.Format;
using KafkaCaching.Store.Faster;
using KafkaCaching.Tests.Brokers;
using KafkaCaching.Tests.Diagnostics;
using KafkaCaching.Tests.Snapshots.Format;
using KafkaCaching.Tests.Store;

namespace KafkaCaching.Tests.Snapshots;

/// <summary>A store without a cache, whose snapshots are written by a <see cref="SnapshotKeeper"/>.</summary>
internal sealed class KeptStore : IDisposable
{
    private readonly Random _random;
    private long _offset = SampleStore.Positions[0];

    public KeptStore(SnapshotFiles files, Random random, long maxBytes = 1L << 30, SnapshotOptions? options = null)
    {
        _random = random;
        Files = files;
        Store = SampleStore.Of(random);
        Keeper = new SnapshotKeeper(
            new SnapshotSettings(
                files, options ?? new SnapshotOptions(), maxBytes, SnapshotFileTesting.Fingerprint, "users", TimeProvider.System),
            Logger);
    }

    public SnapshotFiles Files { get; }

    public FasterStateStore Store { get; }

    public SnapshotKeeper Keeper { get; }

    public ListLogger Logger { get; } = new();

    public void Change()
    {
        for (var i = 0; i < 50; i++)
            SampleStore.Write(Store, _offset++, _random);
    }

    /// <summary>Captures the current state for the keeper to write.</summary>
    public SnapshotMoment Capture()
    {
        long[] positions = [.. Enumerable.Repeat(_offset, SampleStore.Partitions)];
        return new SnapshotMoment(
            Store.BeginCapture(positions)!, Claims: null, "topic id", SnapshotFileTesting.Description(positions).Partitions,
            SnapshotFileTesting.Noon, TimeSpan.FromDays(1), HasKeysInTwoPartitions: false,
            LacksEvictedEntries: false, ContentVersion: _offset);
    }

    /// <summary>Lets the keeper write a snapshot and waits until it has succeeded or failed.</summary>
    public async Task<SnapshotStatus> WriteAsync()
    {
        var before = Outcomes(Keeper.Status);
        Keeper.Write(Capture());
        await Eventually.TrueAsync(() => Outcomes(Keeper.Status) > before && !Keeper.IsWriting, what: "the keeper has written or failed");
        return Keeper.Status;
    }

    public string[] Content() => SnapshotFileTesting.ContentOf(Store);

    /// <summary>Returns the content of the written snapshot.</summary>
    public string[] Written()
    {
        using var loaded = SnapshotFileTesting.Load(Files.Current);
        return SnapshotFileTesting.ContentOf(loaded);
    }

    public void Dispose()
    {
        Keeper.Dispose();
        Store.Dispose();
    }

    private static long Outcomes(SnapshotStatus status) => status.Count + status.Failures + status.Aborted;
}
