using KafkaCaching.Store.Entries;

namespace KafkaCaching.Store.Faster;

/// <summary>Where a read puts its result. The buffer is reused and holds a result until the next read.</summary>
internal sealed class ReadBuffer
{
    private const int KeptBytes = 1 << 20;

    private byte[] _key = [];
    private byte[] _value = [];
    private EntryMetadata _metadata;
    private int _keyLength;
    private int _valueLength;

    public ReadOutcome Outcome { get; set; }

    /// <summary>Asks for the record itself (key and size) and not for the entry in it.</summary>
    public bool RecordOnly { get; set; }

    public ref EntryMetadata Metadata => ref _metadata;

    public bool Removed { get; set; }

    /// <summary>The log address of the record that was read.</summary>
    public long Address { get; set; }

    /// <summary>The slot's capacity for a value.</summary>
    public int Capacity { get; set; }

    /// <summary>Whether a newer record of the key is further on in the log.</summary>
    public bool Superseded { get; set; }

    public ReadOnlySpan<byte> Key => _key.AsSpan(0, _keyLength);

    public ReadOnlySpan<byte> Value => _value.AsSpan(0, _valueLength);

    public Span<byte> MakeKey(int length) => Make(ref _key, ref _keyLength, length);

    public Span<byte> MakeValue(int length) => Make(ref _value, ref _valueLength, length);

    /// <summary>Releases a buffer that one large value has made big. Otherwise idle slots would keep it.</summary>
    public void Trim()
    {
        if (_value.Length > KeptBytes)
            _value = [];
        _valueLength = _keyLength = 0;
    }

    private static Span<byte> Make(ref byte[] buffer, ref int used, int length)
    {
        if (buffer.Length < length)
            buffer = GC.AllocateUninitializedArray<byte>(Math.Max(length, Math.Max(256, buffer.Length * 2)));
        used = length;
        return buffer.AsSpan(0, length);
    }
}

internal enum ReadOutcome
{
    /// <summary>There is no record.</summary>
    Nothing,

    /// <summary>The buffer holds the result.</summary>
    Found,

    /// <summary>The writer was changing the slot all the time. Try again outside FASTER's epoch.</summary>
    Busy,

    /// <summary>No record begins at this address: the rest of the page is empty.</summary>
    EndOfPage,
}
