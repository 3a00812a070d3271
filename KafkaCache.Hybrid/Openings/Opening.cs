namespace KafkaCaching.Hybrid.Openings;

/// <summary>The tags that this process has open for one commit.</summary>
/// <param name="tagMarks">The keys of the marks of the tags.</param>
/// <param name="lease">How long other processes wait for a renewal before they end the opening.</param>
/// <param name="opened">When the tags were opened, by the cache's clock.</param>
internal sealed class Opening(string[] tagMarks, TimeSpan lease, long opened)
{
    public string[] TagMarks => tagMarks;

    public TimeSpan Lease => lease;

    public long Opened => opened;
}
