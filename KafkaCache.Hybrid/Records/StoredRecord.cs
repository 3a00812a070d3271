using KafkaCaching.Hybrid.Validity;

namespace KafkaCaching.Hybrid.Records;

/// <summary>A decoded record of the topic. An instance is immutable, except that it caches the decoded value of its payload, the state of
/// the topic against which it was checked, and the version of the marks at which it was valid. It is thread-safe.</summary>
internal sealed class StoredRecord(RecordKind kind, ReadOnlyMemory<byte> payload)
{
    public static readonly StoredRecord Unreadable = new(RecordKind.Unreadable, default);

    /// <summary>The mark of a removal or of a tag.</summary>
    public static readonly StoredRecord Mark = new(RecordKind.Mark, default);

    private object? _decoded;
    private TopicState? _checkedAgainst;
    private long _validAt;

    public RecordKind Kind => kind;

    /// <summary>The value, as its serializer wrote it.</summary>
    public ReadOnlyMemory<byte> Payload => payload;

    /// <summary>In an entry, the positions that had been applied before the source was read. In a record of open tags or of their end, the
    /// positions up to which its process had put marks. <see langword="null"/> if there are none.</summary>
    public AsOf? AsOf { get; init; }

    /// <summary>How long after its timestamp the record is fresh. In a record of open tags, the lease.</summary>
    public TimeSpan FreshFor { get; init; }

    /// <summary>How long after its last use a distributed-cache entry expires; zero if it has no sliding expiration. In the mark of such an
    /// entry, the longest sliding expiration of the entries before it.</summary>
    public TimeSpan Sliding { get; init; }

    /// <summary>Links records that belong together. A value that a set wrote and the mark of that set have the same number, so that the
    /// mark does not invalidate the value. An extension has the number of the entry that it extends; the end of a claim, that of the claim;
    /// the end of open tags, that of the record that it ends. Each record of open tags has a higher number than the previous one of its
    /// process. All other records have the number 0.</summary>
    public long SetNumber { get; init; }

    /// <summary>The keys of the marks of the entry's tags, or of the tags that are open.</summary>
    public string[] TagMarks { get; init; } = [];

    public bool HasValue => kind is RecordKind.Value or RecordKind.Null or RecordKind.Extension;

    /// <summary>Gets the value that <see cref="Remember{T}"/> was last called with.</summary>
    public bool TryRecall<T>(out T value)
    {
        if (_decoded is Decoded<T> decoded)
        {
            value = decoded.Value;
            return true;
        }

        value = default!;
        return false;
    }

    /// <summary>Keeps a value of an immutable type, so that later readers get the same instance.</summary>
    public void Remember<T>(T value) => _decoded = new Decoded<T>(value);

    public bool WasCheckedAgainst(TopicState topic) => ReferenceEquals(Volatile.Read(ref _checkedAgainst), topic);

    public void NoteChecked(TopicState topic) => Volatile.Write(ref _checkedAgainst, topic);

    /// <summary>Whether <see cref="NoteValid"/> was last called with this version. One version is enough, because a record is stored under
    /// one key only.</summary>
    public bool WasValidAt(long version) => Volatile.Read(ref _validAt) == version;

    public void NoteValid(long version) => Volatile.Write(ref _validAt, version);

    private sealed class Decoded<T>(T value)
    {
        public T Value => value;
    }
}
