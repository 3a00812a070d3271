namespace KafkaCaching.EntityFrameworkCore;

/// <summary>When a commit informs the other processes of what it invalidates.</summary>
public enum KafkaEfInvalidation
{
    /// <summary>After the commit. If the process dies between the commit and the invalidation, outdated results are served until they
    /// expire.</summary>
    AfterCommit,

    /// <summary>Before the commit, so that no process serves or stores a result that the commit may change, and again after it. This costs
    /// one more write. If the process dies after the commit, no outdated results remain: the other processes invalidate the results that it
    /// announced. A commit that can't be announced within <see cref="KafkaEfCacheOptions.InvalidationTimeout"/> is refused with a
    /// <see cref="CommitRefusedException"/>.</summary>
    AroundCommit,

    /// <summary>Like <see cref="AroundCommit"/>, but a commit that can't be announced proceeds as with <see cref="AfterCommit"/>.</summary>
    AroundCommitWhenPossible,
}
