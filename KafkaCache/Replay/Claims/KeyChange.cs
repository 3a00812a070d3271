namespace KafkaCaching.Replay.Claims;

/// <summary>What becomes of a key: nothing, another record's entry, or none at all.</summary>
internal readonly record struct KeyChange(bool Changes, Claim? Stands)
{
    public static KeyChange None { get; }

    public static KeyChange Gone { get; } = new(true, null);

    public static KeyChange To(in Claim claim) => new(true, claim);
}
