namespace KafkaCaching;

/// <summary>The state of a leadership in this instance, at one moment.</summary>
/// <param name="Name">What is led.</param>
/// <param name="IsLeader">Whether this instance leads.</param>
/// <param name="Since">When its current term began; <see langword="null"/> if it does not lead.</param>
/// <param name="TermsBegun">How many terms this instance has begun.</param>
/// <param name="TermsLost">How many of them ended although the instance did not give them up: its session ran out, or the process stood
/// still.</param>
/// <param name="Problem">What keeps this instance from taking part in the election, in the client's words; <see langword="null"/> if
/// nothing does.</param>
public sealed record LeadershipStatus(
    string Name, bool IsLeader, DateTimeOffset? Since, long TermsBegun, long TermsLost, string? Problem);
