namespace KafkaCaching.Hybrid.Validity;

/// <summary>The records of the topic that a process had applied before it read the source of a value: for each partition, the next offset
/// to apply.</summary>
/// <param name="TopicId">The topic's ID, as the brokers report it; empty if they give none.</param>
/// <param name="Positions">The next offset to apply in each partition.</param>
internal sealed record AsOf(string TopicId, long[] Positions)
{
    /// <summary>Whether the process had applied a record. Nothing counts as applied in a partition that the process did not know.</summary>
    public bool Includes(int partition, long offset) => (uint)partition < (uint)Positions.Length && offset < Positions[partition];
}
