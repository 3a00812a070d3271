namespace KafkaCaching.Replay.Claims;

/// <summary>The effect on a key: it keeps its entry, gets the entry of a claim, or loses its entry.</summary>
internal readonly record struct KeyChange(bool Changes, Claim? Stands)
{
    public static KeyChange None { get; }

    public static KeyChange Gone { get; } = new(true, null);

    public static KeyChange To(in Claim claim) => new(true, claim);
}
