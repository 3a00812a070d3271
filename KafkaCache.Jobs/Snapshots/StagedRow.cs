namespace KafkaCaching.Jobs.Snapshots;

/// <summary>A row of the topic, decoded once. All snapshots that contain the row share this instance.</summary>
internal sealed record StagedRow<TKey, TRow>(string TableKey, TKey Key, TRow Row, UInt128 Hash);
