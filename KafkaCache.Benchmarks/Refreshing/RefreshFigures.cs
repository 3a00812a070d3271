namespace KafkaCaching.Benchmarks.Refreshing;

/// <summary>The results of one measurement.</summary>
internal sealed class RefreshFigures
{
    /// <summary>Reads while nothing else happens.</summary>
    public Latencies Quiet { get; } = new();

    /// <summary>Reads while another process does the work of a refresh.</summary>
    public Latencies Neighbour { get; } = new();

    /// <summary>Reads while another instance refreshes and this one swaps to the new version.</summary>
    public Latencies Swap { get; } = new();

    /// <summary>Reads while this instance refreshes.</summary>
    public Latencies Refresh { get; } = new();

    /// <summary>The seconds that each refresh of this instance took.</summary>
    public List<double> Times { get; } = [];

    /// <summary>The bytes that the first version wrote.</summary>
    public long All { get; set; }

    /// <summary>The mean bytes that a later version wrote.</summary>
    public double Each { get; set; }

    /// <summary>The number of reads that found no row.</summary>
    public long Failed { get; set; }
}
