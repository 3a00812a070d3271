using KafkaCaching.Encodings;
using KafkaCaching.Store.Entries;

namespace KafkaCaching;

/// <summary>A value, with the position and the timestamp of the record that it came from.</summary>
/// <typeparam name="TValue">The type of the value.</typeparam>
public readonly record struct CacheEntry<TValue>
{
    // The times are stored as numbers, and the headers as one reference, because a larger struct makes each read slower.
    private readonly long _timestampMs;
    private readonly CacheHeaders? _headers;

    /// <summary>Creates an entry that never expires and has no headers.</summary>
    /// <param name="Value">The value.</param>
    /// <param name="Partition">The partition of the record.</param>
    /// <param name="Offset">The offset of the record in its partition.</param>
    /// <param name="Timestamp">The record's timestamp.</param>
    public CacheEntry(TValue Value, int Partition, long Offset, DateTimeOffset Timestamp)
    {
        this.Value = Value;
        this.Partition = Partition;
        this.Offset = Offset;
        _timestampMs = Timestamp.ToUnixTimeMilliseconds();
    }

    internal CacheEntry(TValue value, in EntryMetadata metadata, ReadOnlySpan<byte> headers)
    {
        Value = value;
        Partition = metadata.Partition;
        Offset = metadata.Offset;
        _timestampMs = metadata.TimestampMs;
        Deadline = metadata.Deadline;
        if (!headers.IsEmpty)
            _headers = new CacheHeaders(headers.ToArray());
    }

    /// <summary>The value.</summary>
    public TValue Value { get; init; }

    /// <summary>The partition of the record.</summary>
    public int Partition { get; init; }

    /// <summary>The offset of the record in its partition.</summary>
    public long Offset { get; init; }

    /// <summary>The record's timestamp, with millisecond precision.</summary>
    public DateTimeOffset Timestamp
    {
        get => RecordTime.Of(_timestampMs);
        init => _timestampMs = value.ToUnixTimeMilliseconds();
    }

    /// <summary>The position of the record.</summary>
    public CachePosition Position => new(Partition, Offset);

    /// <summary>When the entry expires; <see langword="null"/> if it never does. From then on, no read returns it. The time is never later
    /// than the record's timestamp plus the time to live, and at most a 1024th of the time to live earlier.</summary>
    public DateTimeOffset? ExpiresAt => Deadline.IsNone ? null : RecordTime.Of(Deadline.Ms);

    /// <summary>The record's headers that the option <c>KeepHeaders</c> names; empty if there are none.</summary>
    public CacheHeaders Headers => _headers ?? CacheHeaders.None;

    internal Deadline Deadline { get; }

    /// <summary>Deconstructs the entry.</summary>
    /// <param name="Value">The value.</param>
    /// <param name="Partition">The partition of the record.</param>
    /// <param name="Offset">The offset of the record in its partition.</param>
    /// <param name="Timestamp">The record's timestamp.</param>
    public void Deconstruct(out TValue Value, out int Partition, out long Offset, out DateTimeOffset Timestamp) =>
        (Value, Partition, Offset, Timestamp) = (this.Value, this.Partition, this.Offset, this.Timestamp);
}
