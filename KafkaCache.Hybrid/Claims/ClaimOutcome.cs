namespace KafkaCaching.Hybrid.Claims;

/// <summary>The outcome of a claim.</summary>
/// <param name="Number">The number of the claim that this pod holds and must end; 0 if it holds none.</param>
/// <param name="Fill">The position of another pod's fill, if it has been applied here.</param>
internal readonly record struct ClaimOutcome(long Number, CachePosition? Fill)
{
    /// <summary>This pod could not find out which pod holds the claim, so it runs its own factory.</summary>
    public static readonly ClaimOutcome InDoubt;

    /// <summary>Whether another pod's fill has been applied here.</summary>
    public bool IsFilled => Fill is not null;
}
