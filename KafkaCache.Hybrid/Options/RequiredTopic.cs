namespace KafkaCaching.Hybrid.Options;

/// <summary>What the topic of a hybrid cache must be.</summary>
internal static class RequiredTopic
{
    // A pod that starts must not become ready between a mark that compaction has removed and the later one of the same key, so nothing may
    // be compacted for longer than a replay takes.
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
