namespace KafkaCaching.Jobs.Tables;

/// <summary>The options of the caches of the jobs' topics, and the requirements of those topics.</summary>
internal static class JobTableOptions
{
    public static void ApplyTo(KafkaCacheOptions<string, TableValue> table, KafkaJobsOptions options)
    {
        (table.Topic, table.Store) = (options.Topic, options.Store);
        (table.BootstrapServers, table.Client) = (options.BootstrapServers, options.Client);
        table.Indexes.OrderKeys = true;
        TableOptions.ApplyTo(table);
    }

    public static void ApplyTo(KafkaCacheOptions<string, JobLogLine> logs, KafkaJobsOptions options)
    {
        logs.Topic = options.LogTopicOrDefault;
        (logs.BootstrapServers, logs.Client) = (options.BootstrapServers, options.Client);
        logs.TimeToLive = options.LogRetention;
        logs.ReadOnly = false;
        logs.OnRecordError = RecordErrorPolicy.Skip;
        (logs.Store.MemoryBudget, logs.Store.WhenFull) = (options.LogMemoryBudget, StoreFullPolicy.Evict);
    }

    public static TopicRequirements Table(KafkaJobsOptions options) => new()
    {
        Name = options.Topic, Partitions = 1, MaxPartitions = 1, ReplicationFactor = options.ReplicationFactor,
    };

    public static TopicRequirements Logs(KafkaJobsOptions options) => new()
    {
        Name = options.LogTopicOrDefault,
        Partitions = 1,
        MaxPartitions = 1,
        ReplicationFactor = options.ReplicationFactor,
        Cleanup = TopicCleanup.CompactAndDelete,
        MinRetention = options.LogRetention,
        LogAppendTime = true,
    };
}
