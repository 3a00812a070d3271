using KafkaCaching.Jobs.Snapshots;

namespace KafkaCaching.Jobs.Refreshing;

/// <summary>The records that a refresh writes: the rows that differ, tombstones for removed rows, and the contents of the
/// manifest.</summary>
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
