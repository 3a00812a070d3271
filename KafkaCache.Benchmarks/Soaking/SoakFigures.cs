using System.Collections.Concurrent;

namespace KafkaCaching.Benchmarks.Soaking;

/// <summary>What is counted over a run.</summary>
internal sealed class SoakFigures
{
    /// <summary>Writes, the cache's and the foreign ones.</summary>
    public Tally Operations { get; } = new();

    /// <summary>Puts through the cache by their outcome.</summary>
    public Tally Outcomes { get; } = new();

    /// <summary>Puts that didn't end as asked, by what they said.</summary>
    public Tally PutErrors { get; } = new();

    /// <summary>What was judged beside the reads.</summary>
    public Tally Checks { get; } = new();

    /// <summary>By fault: how long it took, from the end of each, until both instances of every topic showed what was written after
    /// it.</summary>
    public ConcurrentQueue<Recovery> Recoveries { get; } = new();
}

/// <summary>A fault that is over, and the seconds until everything was as before.</summary>
internal sealed record Recovery(string Fault, double Seconds);
