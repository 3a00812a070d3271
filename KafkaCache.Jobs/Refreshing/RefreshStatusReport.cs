using KafkaCaching.Jobs.Snapshots;

namespace KafkaCaching.Jobs.Refreshing;

/// <summary>Creates the status of a refreshed cache.</summary>
internal static class RefreshStatusReport
{
    public static RefreshedCacheStatus Of<TKey, TRow>(
        TimeSpan? maxAge, SnapshotReader<TKey, TRow> reader, FencedLeader? leader, RefreshLeading? leading, DateTimeOffset now)
        where TKey : notnull
    {
        var served = reader.Served;
        var manifest = served?.Manifest;
        var failure = reader.Failure is { } last && !(last.At < manifest?.FetchedAt) ? last : null;
        var progress = leading?.Progress();
        TimeSpan? age = manifest is null ? null : now > manifest.FetchedAt ? now - manifest.FetchedAt : TimeSpan.Zero;
        return new RefreshedCacheStatus
        {
            Version = manifest?.Version,
            Rows = manifest?.Count ?? 0,
            FetchedAt = manifest?.FetchedAt,
            Age = age,
            IsTooOld = age is null || age > maxAge,
            Added = manifest?.Added ?? 0,
            Changed = manifest?.Changed ?? 0,
            Removed = manifest?.Removed ?? 0,
            RefreshedBy = manifest?.By,
            Leader = leader,
            IsLeader = leading?.Leadership.IsLeader ?? false,
            NextRefresh = leading?.Next(),
            FetchedRows = progress?.Done,
            ExpectedRows = progress?.Total,
            LastFailure = failure?.Reason,
            LastFailureAt = failure?.At,
            Problem = reader.Problem ?? leading?.Problem(),
        };
    }
}
