namespace KafkaCaching;

/// <summary>A value, with the position and the timestamp of the record that it came from.</summary>
/// <typeparam name="TValue">The type of the value.</typeparam>
/// <param name="Value">The value.</param>
/// <param name="Partition">The partition of the record.</param>
/// <param name="Offset">The offset of the record in its partition.</param>
/// <param name="Timestamp">The record's timestamp, with millisecond precision.</param>
public readonly record struct CacheEntry<TValue>(TValue Value, int Partition, long Offset, DateTimeOffset Timestamp)
{
    /// <summary>The position of the record.</summary>
    public CachePosition Position => new(Partition, Offset);
}
