using KafkaCaching.Store;
using KafkaCaching.Store.Entries;

namespace KafkaCaching.Replay.Claims;

/// <summary>The claims to each key. The winning claim is the store's entry. The losing claims are held here, with their values. An
/// uncontested key takes no memory here. The class is used only on the replay thread, except that any thread may read
/// <see cref="ContestedKeys"/> and <see cref="Bytes"/>.</summary>
internal sealed class KeyClaims(IStateStore store)
{
    // The fixed memory of a claim is its node in a set and its array's header. The fixed memory of a key is its set and its slot in the
    // dictionary.
    private const int ClaimBytes = 112;
    private const int KeyBytes = 136;

    private long _keys;
    private long _bytes;

    /// <summary>The number of keys that the latest records of more than one record key yield. Safe to read from any thread.</summary>
    public long ContestedKeys => Volatile.Read(ref _keys);

    /// <summary>The number of bytes that the losing claims take. Safe to read from any thread.</summary>
    public long Bytes => Volatile.Read(ref _bytes);

    /// <summary>The losing claims, by key.</summary>
    public CapturableTable<SortedSet<Claim>> Lost { get; } = new();

    /// <summary>Computes the effect on a key when a claim to it is withdrawn, when one is made, or when both happen at once.</summary>
    public KeyChange Foresee(byte[] key, in EntryMetadata? withdrawn, in Claim? made)
    {
        var lost = LostOf(key);
        if (withdrawn is { } old && (lost is null || !lost.Contains(At(old))))
        {
            if (made is { } next && (lost is null || next.IsAfter(lost.Max.Metadata)))
                return KeyChange.To(next);
            return lost is null ? KeyChange.Gone : KeyChange.To(lost.Max);
        }

        if (made is not { } claim)
            return KeyChange.None;
        using var current = store.Read(key);
        return !current.Found || claim.IsAfter(current.Metadata) ? KeyChange.To(claim) : KeyChange.None;
    }

    /// <summary>Withdraws a claim, makes one, or does both at once, on behalf of the record <paramref name="by"/>. A key that keeps an
    /// entry is never absent in the meantime.</summary>
    public void Change(byte[] key, in EntryMetadata? withdrawn, in Claim? made, in EntryMetadata by)
    {
        if (LostOf(key) is { } lost)
        {
            Lost.Changing(key);
            ChangeContested(key, lost, withdrawn, made);
        }
        else if (withdrawn is null)
            MakeFirst(key, made!.Value);
        else if (made is { } claim)
            store.Replace(key, claim.Metadata, claim.Value);
        else
            store.Remove(key, by);
    }

    /// <summary>Returns the value of an existing claim, whether it is the winning or a losing one.</summary>
    public byte[] ValueOf(byte[] key, in EntryMetadata claim)
    {
        if (LostOf(key) is { } lost && lost.TryGetValue(At(claim), out var one))
            return one.Value;
        using var current = store.Read(key);
        return current.Value.ToArray();
    }

    private static Claim At(in EntryMetadata metadata) => new(metadata, []);

    private SortedSet<Claim>? LostOf(byte[] key) => Lost.Count != 0 ? Lost.Find(key) : null;

    // Before this claim, at most one other record key claimed the key.
    private void MakeFirst(byte[] key, in Claim made)
    {
        if (CurrentClaim(key) is not { } current)
        {
            store.Replace(key, made.Metadata, made.Value);
            return;
        }

        var lost = Contest(key);
        if (made.IsAfter(current.Metadata))
        {
            Lose(lost, current);
            store.Replace(key, made.Metadata, made.Value);
        }
        else
        {
            Lose(lost, made);
        }
    }

    private void ChangeContested(byte[] key, SortedSet<Claim> lost, in EntryMetadata? withdrawn, in Claim? made)
    {
        var stood = !(withdrawn is { } old && TakeOut(lost, At(old))) && withdrawn is not null;
        var change = Foresee(key, stood ? withdrawn : null, made);
        if (change.Stands is { } stands)
        {
            var isHandedBack = TakeOut(lost, stands);
            if (!stood)
                Lose(lost, CurrentClaim(key)!.Value);
            else if (isHandedBack && made is { } beaten)
                Lose(lost, beaten);
            store.Replace(key, stands.Metadata, stands.Value);
        }
        else if (made is { } beaten)
        {
            Lose(lost, beaten);
        }

        if (lost.Count == 0)
        {
            Lost.Remove(key);
            Count(-1, -KeyBytes - key.Length);
        }
    }

    /// <summary>Loads a losing claim from a snapshot. The winning entry is already in the store.</summary>
    /// <returns>Whether the claim loses against that entry, and is the only claim of its record to the key.</returns>
    public bool Restore(ReadOnlySpan<byte> key, in EntryMetadata metadata, ReadOnlySpan<byte> value)
    {
        using (var current = store.Read(key))
        {
            if (!current.Found || !new Claim(current.Metadata, []).IsAfter(metadata))
                return false;
        }

        var lost = Lost.Find(key) ?? Contest(key);
        if (lost.Contains(At(metadata)))
            return false;
        Lose(lost, new Claim(metadata, value.ToArray()));
        return true;
    }

    private SortedSet<Claim> Contest(ReadOnlySpan<byte> key)
    {
        var lost = new SortedSet<Claim>(Claim.Order);
        Lost.Set(key, lost);
        Count(1, KeyBytes + key.Length);
        return lost;
    }

    private Claim? CurrentClaim(byte[] key)
    {
        using var current = store.Read(key);
        return current.Found ? new Claim(current.Metadata, current.Value.ToArray()) : null;
    }

    private void Lose(SortedSet<Claim> lost, in Claim claim)
    {
        lost.Add(claim);
        Count(0, ClaimBytes + claim.Value.Length);
    }

    private bool TakeOut(SortedSet<Claim> lost, in Claim claim)
    {
        if (!lost.TryGetValue(claim, out var found))
            return false;
        lost.Remove(found);
        Count(0, -ClaimBytes - found.Value.Length);
        return true;
    }

    private void Count(int keys, int bytes)
    {
        Volatile.Write(ref _keys, _keys + keys);
        Volatile.Write(ref _bytes, _bytes + bytes);
    }
}
