namespace KafkaCaching.Store.Entries;

/// <summary>Sees the writes of a store, on the writer's thread. Each <see cref="Writing"/> is followed by its
/// <see cref="Written"/>.</summary>
internal interface IEntryObserver
{
    /// <summary>Receives the entry that a write replaces or removes; <see langword="null"/> when nobody needs it.</summary>
    PreviousEntry? Previous { get; }

    /// <summary>The record whose changes follow. It is called where the entries' metadata don't tell: a resolver's record may bring back
    /// an entry of an older one.</summary>
    void Applying(int partition, long offset);

    /// <summary>The entry of a key is about to be written or removed.</summary>
    void Writing(in EntryChange change);

    /// <summary>The write has ended.</summary>
    /// <param name="change">The same change.</param>
    /// <param name="happened">Whether the store changed. It did not if the write was refused, or if it threw.</param>
    void Written(in EntryChange change, bool happened);
}
