namespace KafkaCaching.Store.Entries;

/// <summary>Observes the writes to a store, on the writer's thread. Each call of <see cref="Writing"/> is followed by a call of
/// <see cref="Written"/>.</summary>
internal interface IEntryObserver
{
    /// <summary>Receives the entry that a write replaces or removes; <see langword="null"/> if it is not needed.</summary>
    PreviousEntry? Previous { get; }

    /// <summary>Announces the record that causes the following changes. It is called only if the metadata of the entries may not identify
    /// that record: with a resolver, a record may bring back an entry of an older one.</summary>
    void Applying(int partition, long offset);

    /// <summary>Called when the entry of a key is about to be written or removed.</summary>
    void Writing(in EntryChange change);

    /// <summary>Called when the write has ended.</summary>
    /// <param name="change">The same change.</param>
    /// <param name="happened">Whether the store changed. It did not if the write was refused, or if it threw.</param>
    void Written(in EntryChange change, bool happened);
}
