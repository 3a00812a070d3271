using KafkaCaching.Generations.Supervision;
using KafkaCaching.Tests.Brokers;

namespace KafkaCaching.Tests.Snapshots;

/// <summary>Helpers of the snapshot tests.</summary>
internal static class SnapshotTesting
{
    /// <summary>Requests a snapshot and waits until it is written.</summary>
    public static async Task<SnapshotStatus> WriteSnapshotAsync<TKey, TValue>(this KafkaCache<TKey, TValue> cache)
        where TKey : notnull
    {
        var before = cache.Status.Snapshot!.Count;
        await Eventually.TrueAsync(
            () =>
            {
                if (cache.Status.Snapshot is { } snapshot && snapshot.Count > before)
                    return true;
                cache.Parts.Replay.Supervisor.Snapshots!.Request();
                return false;
            },
            what: "a snapshot is written");
        return cache.Status.Snapshot!;
    }

    public static string OnlyFileIn(string directory) => Assert.Single(Directory.GetFiles(directory, "*.snapshot"));
}
