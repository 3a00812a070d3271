namespace KafkaCaching;

/// <summary>Where the broker put a record.</summary>
/// <param name="Partition">The partition that the record is in.</param>
/// <param name="Offset">The record's offset in that partition.</param>
/// <param name="Timestamp">The record's timestamp, of the broker where the topic says <c>message.timestamp.type=LogAppendTime</c>.</param>
public readonly record struct PutResult(int Partition, long Offset, DateTimeOffset Timestamp)
{
    /// <summary>The record's position, to wait for in this or another instance with
    /// <see cref="IKafkaCache.WaitUntilAppliedAsync"/>.</summary>
    public CachePosition Position => new(Partition, Offset);
}
