namespace KafkaCaching.Hybrid.Claims;

/// <summary>The outcome of a claim.</summary>
/// <param name="Number">The number of the claim that this pod holds and has to end; 0 if it holds none.</param>
/// <param name="IsFilled">Whether another pod's fill has been applied here.</param>
internal readonly record struct ClaimOutcome(long Number, bool IsFilled)
{
    /// <summary>It is not known which pod runs the factory, so this pod runs its own.</summary>
    public static readonly ClaimOutcome InDoubt;
}
