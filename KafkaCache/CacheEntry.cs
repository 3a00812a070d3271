using KafkaCaching.Encodings;
using KafkaCaching.Store.Entries;

namespace KafkaCaching;

/// <summary>A value, with the position and the timestamp of the record that it came from.</summary>
/// <typeparam name="TValue">The type of the value.</typeparam>
/// <param name="Value">The value.</param>
/// <param name="Partition">The partition of the record.</param>
/// <param name="Offset">The offset of the record in its partition.</param>
/// <param name="Timestamp">The record's timestamp, with millisecond precision.</param>
public readonly record struct CacheEntry<TValue>(TValue Value, int Partition, long Offset, DateTimeOffset Timestamp)
{
    // The times are kept as numbers: a larger entry makes each read slower.
    private readonly long _timestampMs = Timestamp.ToUnixTimeMilliseconds();
    private readonly CacheHeaders? _headers;

    internal CacheEntry(TValue value, in EntryMetadata metadata, ReadOnlySpan<byte> headers)
        : this(value, metadata.Partition, metadata.Offset, default)
    {
        _timestampMs = metadata.TimestampMs;
        Deadline = metadata.Deadline;
        _headers = headers.IsEmpty ? null : new CacheHeaders(headers.ToArray());
    }

    /// <summary>The record's timestamp, with millisecond precision.</summary>
    public DateTimeOffset Timestamp
    {
        get => RecordTime.Of(_timestampMs);
        init => _timestampMs = value.ToUnixTimeMilliseconds();
    }

    /// <summary>The position of the record.</summary>
    public CachePosition Position => new(Partition, Offset);

    /// <summary>When the entry expires: no read returns it from then on. <see langword="null"/> if it never does. It is at most a 1024th of
    /// the time to live earlier than the record's timestamp and the time to live say, and never later.</summary>
    public DateTimeOffset? ExpiresAt => Deadline.IsNone ? null : RecordTime.Of(Deadline.Ms);

    /// <summary>The record's headers that the option <c>KeepHeaders</c> names; empty if there are none.</summary>
    public CacheHeaders Headers => _headers ?? CacheHeaders.None;

    internal Deadline Deadline { get; }
}
