using KafkaCaching.Store.Entries;

namespace KafkaCaching.Replay.Claims;

/// <summary>Loads the claims that a capture has saved, after the entries have been loaded into the store. It is used by one thread, and no
/// other thread may use the claims until <see cref="End"/> has returned.</summary>
internal sealed class ClaimsLoad(RecordHeads heads, KeyClaims claims)
{
    private byte[]? _recordKey;
    private Head? _latest;
    private Head? _oldest;
    private long _lost;
    private long _yielded;

    /// <summary>Loads a packed claim. Its bytes come from a file and are not trusted. Each head except the latest one must directly follow
    /// the head that replaced it.</summary>
    /// <returns>Whether the claim is valid.</returns>
    public bool Add(ReadOnlySpan<byte> key, in EntryMetadata metadata, ReadOnlySpan<byte> content)
    {
        if (!PackedClaim.TryReadKind(content, out var kind))
            return false;
        if (kind != ClaimKind.Lost)
            return AddHead(key, metadata, content, isLatest: kind == ClaimKind.LatestHead);
        _lost++;
        return claims.Restore(key, metadata, PackedClaim.ReadLost(content));
    }

    /// <param name="entries">The number of entries in the store.</param>
    /// <returns>Whether the claims are consistent with the entries: each claim to a key is either the key's entry or a losing
    /// claim.</returns>
    public bool End(long entries)
    {
        RestoreHead();
        heads.EndRestore();
        return _yielded == entries + _lost;
    }

    private bool AddHead(ReadOnlySpan<byte> recordKey, in EntryMetadata metadata, ReadOnlySpan<byte> content, bool isLatest)
    {
        if (PackedClaim.ReadHead(content, isLatest) is not { } entries)
            return false;
        var head = new Head(metadata, entries);
        if (isLatest)
        {
            RestoreHead();
            if (heads.LatestOf(recordKey) is not null)
                return false;
            (_recordKey, _latest, _oldest) = (recordKey.ToArray(), head, head);
            _yielded += entries.Length;
            return true;
        }

        if (_oldest is null || !recordKey.SequenceEqual(_recordKey))
            return false;
        _oldest.Older = head;
        _oldest = head;
        return true;
    }

    private void RestoreHead()
    {
        if (_latest is not null)
            heads.Restore(_recordKey, _latest);
        (_latest, _oldest) = (null, null);
    }
}
