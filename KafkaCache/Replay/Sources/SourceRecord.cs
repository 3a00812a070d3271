namespace KafkaCaching.Replay.Sources;

/// <summary>A record delivered by a source. It is valid until the source's next batch. Its bytes are in an array or in the client's native
/// memory.</summary>
internal readonly unsafe struct SourceRecord
{
    private readonly byte[]? _keyArray;
    private readonly byte[]? _valueArray;
    private readonly byte* _key;
    private readonly byte* _value;
    private readonly int _keyLength;
    private readonly int _valueLength;

    public SourceRecord(int partition, long offset, long timestampMs, byte[]? key, byte[]? value, IRecordHeaders? headers)
    {
        Partition = partition;
        Offset = offset;
        TimestampMs = timestampMs;
        Headers = headers;
        _keyArray = key;
        _valueArray = value;
        _keyLength = key?.Length ?? 0;
        _valueLength = value?.Length ?? 0;
        HasKey = key is not null;
        IsTombstone = value is null;
    }

    public SourceRecord(
        int partition, long offset, long timestampMs, byte* key, int keyLength, byte* value, int valueLength, IRecordHeaders? headers)
    {
        Partition = partition;
        Offset = offset;
        TimestampMs = timestampMs;
        Headers = headers;
        _key = key;
        _keyLength = keyLength;
        _value = value;
        _valueLength = valueLength;
        HasKey = key != null;
        IsTombstone = value == null;
    }

    public int Partition { get; }

    public long Offset { get; }

    public long TimestampMs { get; }

    public IRecordHeaders? Headers { get; }

    /// <summary>The number of bytes of the key and the value.</summary>
    public int Length => _keyLength + _valueLength;

    public bool HasKey { get; }

    public bool IsTombstone { get; }

    public ReadOnlySpan<byte> Key => _keyArray is not null ? _keyArray : new ReadOnlySpan<byte>(_key, _keyLength);

    public ReadOnlySpan<byte> Value => _valueArray is not null ? _valueArray : new ReadOnlySpan<byte>(_value, _valueLength);
}
