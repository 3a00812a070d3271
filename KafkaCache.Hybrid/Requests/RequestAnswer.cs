namespace KafkaCaching.Hybrid;

/// <summary>The answer of one cache to a request so far. If a request reads several values from one cache, their answers are combined: the
/// result is a hit if all of them were hits.</summary>
/// <param name="Cache">The name of the cache.</param>
/// <param name="Forward">Why the cache went to the source for the first value that was not a hit; <see cref="ForwardReason.None"/> if all
/// were.</param>
/// <param name="IsStored">Whether a value that was loaded is to be stored.</param>
/// <param name="Age">The age of the oldest value that was found; zero if none was found.</param>
/// <param name="TimeToLive">The time for which all values that were found remain fresh; <see langword="null"/> if none was found.</param>
public sealed record RequestAnswer(string Cache, ForwardReason Forward, bool IsStored, TimeSpan Age, TimeSpan? TimeToLive)
{
    /// <summary>Whether all values were found in the cache.</summary>
    public bool IsHit => Forward == ForwardReason.None;

    internal RequestAnswer And(RequestAnswer later) => this with
    {
        Forward = IsHit ? later.Forward : Forward,
        IsStored = IsStored || later.IsStored,
        Age = Age > later.Age ? Age : later.Age,
        TimeToLive = TimeToLive is not { } time || later.TimeToLive < time ? later.TimeToLive ?? TimeToLive : time,
    };
}
