namespace KafkaCaching.Hybrid;

/// <summary>What one cache has answered to a request so far. A request that has read several values has one answer of each cache: it is a
/// hit if all of them were.</summary>
/// <param name="Cache">The name of the cache.</param>
/// <param name="Forward">Why the source was asked, for the first value for which it was; <see cref="ForwardReason.None"/> for a
/// hit.</param>
/// <param name="IsStored">Whether a value that was loaded is to be stored.</param>
/// <param name="Age">The age of the oldest value that was found; zero if none was.</param>
/// <param name="TimeToLive">For how long all the values that were found stay fresh; <see langword="null"/> if none was found.</param>
public sealed record RequestAnswer(string Cache, ForwardReason Forward, bool IsStored, TimeSpan Age, TimeSpan? TimeToLive)
{
    /// <summary>Whether all values were there.</summary>
    public bool IsHit => Forward == ForwardReason.None;

    internal RequestAnswer And(RequestAnswer later) => this with
    {
        Forward = IsHit ? later.Forward : Forward,
        IsStored = IsStored || later.IsStored,
        Age = Age > later.Age ? Age : later.Age,
        TimeToLive = TimeToLive is not { } time || later.TimeToLive < time ? later.TimeToLive ?? TimeToLive : time,
    };
}
