namespace KafkaCaching.Jobs.Snapshots;

/// <summary>A row of the topic, decoded once; every snapshot that has the row has this instance.</summary>
internal sealed record StagedRow<TKey, TRow>(string TableKey, TKey Key, TRow Row, UInt128 Hash);
