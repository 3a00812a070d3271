namespace KafkaCaching;

/// <summary>The state of a leadership in this instance, at one moment.</summary>
/// <param name="Name">The name of the leadership.</param>
/// <param name="IsLeader">Whether this instance leads.</param>
/// <param name="Since">When the instance's current term began; <see langword="null"/> if it does not lead.</param>
/// <param name="TermsBegun">The number of terms that this instance has begun.</param>
/// <param name="TermsLost">The number of these terms that ended without being given up by the instance, because its session expired or the
/// process was paused.</param>
/// <param name="Problem">The problem that prevents this instance from taking part in the election, as the client reports it;
/// <see langword="null"/> if there is none.</param>
public sealed record LeadershipStatus(
    string Name, bool IsLeader, DateTimeOffset? Since, long TermsBegun, long TermsLost, string? Problem);
