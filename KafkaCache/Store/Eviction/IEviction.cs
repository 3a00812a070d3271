using KafkaCaching.Store.Entries;

namespace KafkaCaching.Store.Eviction;

/// <summary>Decides which of the oldest entries a full store evicts, and evicts them. It is used by the writer only.</summary>
internal interface IEviction
{
    /// <summary>Whether the entry of a key must never be evicted.</summary>
    bool MustStay(ReadOnlySpan<byte> key);

    /// <summary>Whether the entry of a key was read recently. A read counts as recent until between half and all of the log's length has
    /// been processed after it.</summary>
    bool IsRead(ReadOnlySpan<byte> key);

    /// <summary>Called whenever half of the log's length has been processed.</summary>
    void ForgetOlderReads();

    void TakeOut(ReadOnlySpan<byte> key, in EntryMetadata metadata);
}
