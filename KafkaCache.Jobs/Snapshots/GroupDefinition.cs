namespace KafkaCaching.Jobs.Snapshots;

/// <summary>A group that the options declare. Rows whose value is <see langword="null"/> belong to no group.</summary>
internal sealed record GroupDefinition<TRow>(string Name, Func<TRow, object?> Of);
