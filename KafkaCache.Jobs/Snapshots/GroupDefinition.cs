namespace KafkaCaching.Jobs.Snapshots;

/// <summary>A grouping of rows that the options declare. Rows whose value is <see langword="null"/> belong to no group.</summary>
internal sealed record GroupDefinition<TRow>(string Name, Func<TRow, object?> Of);
