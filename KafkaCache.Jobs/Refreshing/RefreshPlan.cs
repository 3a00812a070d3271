using KafkaCaching.Jobs.Snapshots;

namespace KafkaCaching.Jobs.Refreshing;

/// <summary>What a refresh writes: the rows that differ, tombstones for those that are gone, and what the manifest says.</summary>
internal sealed record RefreshPlan(
    IReadOnlyList<FencedRecord> Records, long Count, UInt128 Hash, long Added, long Changed, long Removed, long Bytes)
{
    public Manifest Manifest(long version, DateTimeOffset fetchedAt, double fetchSeconds, long request, string by) => new()
    {
        Version = version,
        Count = Count,
        Hash = Snapshots.Manifest.Text(Hash),
        FetchedAt = fetchedAt,
        FetchSeconds = fetchSeconds,
        Request = request,
        Added = Added,
        Changed = Changed,
        Removed = Removed,
        By = by,
    };
}
