namespace KafkaCaching;

/// <summary>Where the broker stored a record.</summary>
/// <param name="Partition">The partition that contains the record.</param>
/// <param name="Offset">The record's offset in that partition.</param>
/// <param name="Timestamp">The record's timestamp. The broker sets it if the topic has <c>message.timestamp.type=LogAppendTime</c>.</param>
public readonly record struct PutResult(int Partition, long Offset, DateTimeOffset Timestamp)
{
    /// <summary>The record's position. To wait until this or another instance has applied the record, pass it to
    /// <see cref="IKafkaCache.WaitUntilAppliedAsync"/>.</summary>
    public CachePosition Position => new(Partition, Offset);
}
