namespace KafkaCaching.Jobs.Refreshing;

/// <summary>What one fetch returned.</summary>
/// <param name="Rows">All rows.</param>
/// <param name="At">When it began.</param>
/// <param name="Took">How long it took.</param>
/// <param name="Request">The offset of the last request to refresh that was there when it began; -1 if there was none.</param>
internal sealed record Fetched<TRow>(IReadOnlyCollection<TRow> Rows, DateTimeOffset At, TimeSpan Took, long Request);
