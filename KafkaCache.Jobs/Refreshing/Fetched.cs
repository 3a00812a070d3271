namespace KafkaCaching.Jobs.Refreshing;

/// <summary>The result of one fetch.</summary>
/// <param name="Rows">All rows.</param>
/// <param name="At">When the fetch began.</param>
/// <param name="Took">How long the fetch took.</param>
/// <param name="Request">The offset of the last request to refresh that existed when the fetch began; -1 if there was none.</param>
internal sealed record Fetched<TRow>(IReadOnlyCollection<TRow> Rows, DateTimeOffset At, TimeSpan Took, long Request);
