using System.Diagnostics;
using KafkaCaching.Generations.Supervision;

namespace KafkaCaching.Benchmarks.Restarting;

/// <summary>Makes a cache write a snapshot now.</summary>
internal static class SnapshotRequest
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    /// <summary>Requests a snapshot, and waits until it is written.</summary>
    public static SnapshotStatus Fulfil(KafkaCache<string, byte[]> cache)
    {
        var written = cache.Status.Snapshot!.Count;
        var started = Stopwatch.GetTimestamp();
        cache.Parts.Replay.Supervisor.Snapshots!.Request();
        while (cache.Status.Snapshot!.Count == written)
        {
            if (Stopwatch.GetElapsedTime(started) > Patience)
                throw new InvalidOperationException($"No snapshot was written: {cache.Status.Snapshot.LastError}");
            Thread.Sleep(10);
            if (cache.Status.Snapshot is { Count: 0 })
                cache.Parts.Replay.Supervisor.Snapshots.Request(); // Requests are ignored until the brokers have answered once.
        }

        return cache.Status.Snapshot;
    }
}
