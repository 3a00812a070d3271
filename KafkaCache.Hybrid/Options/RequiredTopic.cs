namespace KafkaCaching.Hybrid.Options;

/// <summary>The requirements for the topic of a hybrid cache.</summary>
internal static class RequiredTopic
{
    // Compaction removes a mark when there is a later one of the same key. A starting pod must read at least one of the two before it
    // becomes ready, so a record may be compacted only when it is older than any replay takes.
    private static readonly TimeSpan CompactionLag = TimeSpan.FromHours(1);

    public static TopicRequirements Of(KafkaHybridCacheOptions options) => new()
    {
        Name = options.Topic!,
        Partitions = options.Partitions,
        ReplicationFactor = options.ReplicationFactor == 0 ? null : (short)options.ReplicationFactor,
        Cleanup = TopicCleanup.CompactAndDelete,
        MinRetention = new Lifetimes(options).OfMarks,
        MinCompactionLag = CompactionLag,
        LogAppendTime = true,
    };
}
