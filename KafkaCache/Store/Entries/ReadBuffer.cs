namespace KafkaCaching.Store.Entries;

/// <summary>The reusable buffer for the result of a read. It holds a result until the next read.</summary>
internal sealed class ReadBuffer
{
    private const int KeptBytes = 1 << 20;

    private byte[] _key = [];
    private byte[] _content = [];
    private EntryMetadata _metadata;
    private int _keyLength;
    private int _contentLength;

    public ReadOutcome Outcome { get; set; }

    /// <summary>Whether to read the record itself (key and size) instead of the entry in it.</summary>
    public bool RecordOnly { get; set; }

    public ref EntryMetadata Metadata => ref _metadata;

    public bool Removed { get; set; }

    /// <summary>The log address of the record that was read.</summary>
    public long Address { get; set; }

    /// <summary>The slot's capacity for the content, the deadline and the size of the headers.</summary>
    public int Capacity { get; set; }

    /// <summary>Whether the log holds a newer record of the key.</summary>
    public bool Superseded { get; set; }

    /// <summary>The address of the previous record in the hash chain, which may have a different key. At the end of the chain, it is 0 or a
    /// freed address.</summary>
    public long PreviousAddress { get; set; }

    public ReadOnlySpan<byte> Key => _key.AsSpan(0, _keyLength);

    /// <summary>The kept headers of the entry and its value.</summary>
    public ReadOnlySpan<byte> Content => _content.AsSpan(0, _contentLength);

    public Span<byte> MakeKey(int length) => Make(ref _key, ref _keyLength, length);

    public Span<byte> MakeContent(int length) => Make(ref _content, ref _contentLength, length);

    /// <summary>Releases a buffer that has grown because of a large entry. Otherwise, idle reader slots would keep it.</summary>
    public void Trim()
    {
        if (_content.Length > KeptBytes)
            _content = [];
        _contentLength = _keyLength = 0;
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

    /// <summary>The writer changed the slot during every attempt. Try again outside FASTER's epoch.</summary>
    Busy,

    /// <summary>No record begins at this address: the rest of the page is empty.</summary>
    EndOfPage,
}
