namespace KafkaCaching.Changes;

/// <summary>Where a row of cursors begins.</summary>
/// <param name="RecentId">The recent changes that the cursors mean.</param>
/// <param name="Positions">The next offset of each partition.</param>
internal sealed record CursorStart(string RecentId, long[] Positions);
