namespace KafkaCaching.Changes;

/// <summary>Where a sequence of cursors begins.</summary>
/// <param name="RecentId">The ID of the <see cref="RecentChanges"/> that the cursors refer to.</param>
/// <param name="Positions">The next offset of each partition.</param>
internal sealed record CursorStart(string RecentId, long[] Positions);
