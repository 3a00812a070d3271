namespace KafkaCaching.Jobs.Snapshots;

/// <summary>The served version with the manifest that it was checked against. Both are in one object, so that a reader never gets the
/// snapshot of one version and the manifest of another.</summary>
internal sealed record Served<TKey, TRow>(Snapshot<TKey, TRow> Snapshot, Manifest Manifest)
    where TKey : notnull;
