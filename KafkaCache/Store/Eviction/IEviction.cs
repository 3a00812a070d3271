using KafkaCaching.Store.Entries;

namespace KafkaCaching.Store.Eviction;

/// <summary>Decides which of its oldest entries a full store gives up. Writer only.</summary>
internal interface IEviction
{
    /// <summary>Whether the entry of a key must stay, whatever else goes.</summary>
    bool MustStay(ReadOnlySpan<byte> key);

    /// <summary>Whether the entry of a key has been read while about the last half of the log was passed, or the half before.</summary>
    bool IsRead(ReadOnlySpan<byte> key);

    /// <summary>Half of the log has been passed.</summary>
    void ForgetOlderReads();

    /// <summary>Gives an entry up.</summary>
    void TakeOut(ReadOnlySpan<byte> key, in EntryMetadata metadata);
}
