namespace KafkaCaching.Changes;

/// <summary>The start of a sequence of cursors.</summary>
/// <param name="RecentId">The ID of the <see cref="RecentChanges"/> that the cursors refer to.</param>
/// <param name="Positions">The next offset of each partition.</param>
internal sealed record CursorStart(string RecentId, long[] Positions);
