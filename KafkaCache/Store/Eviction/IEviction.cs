using KafkaCaching.Store.Entries;

namespace KafkaCaching.Store.Eviction;

/// <summary>Decides which of its oldest entries a full store evicts. It is used by the writer only.</summary>
internal interface IEviction
{
    /// <summary>Whether the entry of a key must never be evicted.</summary>
    bool MustStay(ReadOnlySpan<byte> key);

    /// <summary>Whether the entry of a key was read recently: while about the last half of the log's length was passed, or the half before
    /// it.</summary>
    bool IsRead(ReadOnlySpan<byte> key);

    /// <summary>Called when half of the log has been passed.</summary>
    void ForgetOlderReads();

    /// <summary>Evicts an entry.</summary>
    void TakeOut(ReadOnlySpan<byte> key, in EntryMetadata metadata);
}
