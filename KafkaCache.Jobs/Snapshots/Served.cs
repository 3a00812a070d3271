namespace KafkaCaching.Jobs.Snapshots;

/// <summary>The version that is served, with the manifest that it was checked against. One reference, so that nobody sees two
/// versions.</summary>
internal sealed record Served<TKey, TRow>(Snapshot<TKey, TRow> Snapshot, Manifest Manifest)
    where TKey : notnull;
