using KafkaCaching.Store;
using KafkaCaching.Store.Entries;

namespace KafkaCaching.Replay.Claims;

/// <summary>Keeps the entries that the latest record of each record key (its head) yields. Winning claims are in the store, and losing
/// claims are kept in memory beside it. Both depend only on the heads, not on the order in which the heads were read. The class is used
/// only on the replay thread, except that any thread may read <see cref="ContestedKeys"/> and <see cref="ContestedBytes"/>.</summary>
internal sealed class ClaimedEntries(IStateStore store)
{
    private readonly RecordHeads _heads = new();
    private readonly KeyClaims _claims = new(store);

    public long ContestedKeys => _claims.ContestedKeys;

    public long ContestedBytes => _claims.Bytes + _heads.BytesOutOfForce;

    /// <summary>Returns the entries that the latest record of a record key yields.</summary>
    public YieldedEntry[] YieldedBy(ReadOnlySpan<byte> recordKey) => _heads.LatestOf(recordKey)?.Entries ?? [];

    /// <summary>Computes what a record changes for its record key, without making the change.</summary>
    public HeadChange ChangeBy(ReadOnlySpan<byte> recordKey, Head next) => HeadChange.Of(_heads.LatestOf(recordKey), next);

    /// <summary>Computes the effect on a key that the record key now yields or, if <paramref name="value"/> is null, no longer
    /// yields.</summary>
    public KeyChange Foresee(in HeadChange change, byte[] key, byte[]? value) =>
        _claims.Foresee(key, Withdrawn(change, key), Made(change, value));

    /// <summary>Begins to capture the claims as they are now, together with the entries of the store. There is one capture at a
    /// time.</summary>
    /// <param name="wake">Makes the replay thread perform its next step soon. Any thread may call it.</param>
    /// <param name="time">The clock.</param>
    /// <param name="maxBytes">The maximum number of bytes of claims that have been saved but not yet written to the snapshot.</param>
    public ClaimsCapture BeginCapture(Action wake, TimeProvider time, int maxBytes = ClaimsCapture.DefaultMaxBytes) =>
        new(_heads.Latest, _claims.Lost, wake, time, maxBytes);

    /// <summary>Begins to load claims from a snapshot. It may be called only while there are none.</summary>
    public ClaimsLoad BeginLoad() => new(_heads, _claims);

    public void Apply(ReadOnlySpan<byte> recordKey, in HeadChange change)
    {
        _heads.Latest.Changing(recordKey);
        if (change.IsVisible)
        {
            if (change is { CrossesPartitions: true, Before: { } givesWay })
                KeepValues(givesWay);
            Claim(change);
            Withdraw(change);
            change.After.DropValues();
        }

        _heads.Put(recordKey, change);
    }

    // The values must be saved before the store overwrites them.
    private void KeepValues(Head head)
    {
        foreach (ref var entry in head.Entries.AsSpan())
            entry.Value = _claims.ValueOf(entry.Key, head.Metadata);
    }

    // New claims are made before old ones are withdrawn, so that a reader of a key that keeps an entry never finds the key absent in the
    // meantime.
    private void Claim(in HeadChange change)
    {
        foreach (ref readonly var entry in change.After.Entries.AsSpan())
            _claims.Change(entry.Key, Withdrawn(change, entry.Key), Made(change, entry.Value), change.Next.Metadata);
    }

    private void Withdraw(in HeadChange change)
    {
        if (change.Before is not { } before)
            return;
        foreach (ref readonly var entry in before.Entries.AsSpan())
        {
            if (!change.After.Yields(entry.Key))
                _claims.Change(entry.Key, before.Metadata, made: null, change.Next.Metadata);
        }
    }

    private static EntryMetadata? Withdrawn(in HeadChange change, byte[] key) =>
        change.Before is { } before && before.Yields(key) ? before.Metadata : null;

    private static Claim? Made(in HeadChange change, byte[]? value) => value is null ? null : new Claim(change.After.Metadata, value);
}
