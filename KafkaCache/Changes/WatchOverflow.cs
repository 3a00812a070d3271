namespace KafkaCaching;

/// <summary>What happens when a watcher has fallen behind by more than <see cref="WatchOptions{TKey}.MaxPending"/> changes.</summary>
public enum WatchOverflow
{
    /// <summary>The pending changes of a key are combined into one, from the entry that the watcher knows to the latest one. If the two are
    /// the same, no change is reported (but see <see cref="WatchOptions{TKey}.SkipInitial"/>). The memory needed is then limited by the
    /// number of keys that change.</summary>
    Conflate,

    /// <summary>The watch ends with a <see cref="WatchOverflowException"/>.</summary>
    Fail,

    /// <summary>The replay waits for the watcher. The cache then lags behind its topic for all its readers. A watcher that waits for a put
    /// to be applied may deadlock, because the replay then waits for the watcher.</summary>
    Wait,
}
