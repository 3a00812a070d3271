namespace KafkaCaching;

/// <summary>What happens when a watcher has fallen behind by more than <see cref="WatchOptions{TKey}.MaxPending"/> changes.</summary>
public enum WatchOverflow
{
    /// <summary>The pending changes of a key become one, from the entry that the watcher knows to the latest, or none if these are the
    /// same (but see <see cref="WatchOptions{TKey}.SkipInitial"/>). The watcher's memory is then bounded by the number of keys that
    /// change.</summary>
    Conflate,

    /// <summary>The watch ends with a <see cref="WatchOverflowException"/>.</summary>
    Fail,

    /// <summary>The replay waits for the watcher. The cache then lags behind its topic, for all its readers. A watcher that waits for a put
    /// to be applied may wait for itself.</summary>
    Wait,
}
