namespace KafkaCaching.Jobs.Snapshots;

/// <summary>The served version with the manifest that it was checked against. Both are in one object, so that no reader sees parts of two
/// versions.</summary>
internal sealed record Served<TKey, TRow>(Snapshot<TKey, TRow> Snapshot, Manifest Manifest)
    where TKey : notnull;
