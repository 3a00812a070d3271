using System.Collections.Concurrent;

namespace KafkaCaching.Benchmarks.Soaking;

/// <summary>The counts of a run.</summary>
internal sealed class SoakFigures
{
    /// <summary>The number of writes through the cache and of foreign writes.</summary>
    public Tally Operations { get; } = new();

    /// <summary>The number of puts through the cache, by their outcome.</summary>
    public Tally Outcomes { get; } = new();

    /// <summary>The number of puts that did not end as requested, by their message.</summary>
    public Tally PutErrors { get; } = new();

    /// <summary>The number of checks other than those of reads.</summary>
    public Tally Checks { get; } = new();

    /// <summary>The faults, each with the time from its end until both instances of every topic returned a record that was written after
    /// the fault.</summary>
    public ConcurrentQueue<Recovery> Recoveries { get; } = new();
}

/// <summary>A past fault, with the seconds until all caches had recovered from it.</summary>
internal sealed record Recovery(string Fault, double Seconds);
