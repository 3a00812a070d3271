namespace KafkaCaching.EntityFrameworkCore;

/// <summary>When a commit tells the other processes what it invalidates.</summary>
public enum KafkaEfInvalidation
{
    /// <summary>After it. A process that dies in between leaves results that are old until they expire.</summary>
    AfterCommit,

    /// <summary>Before it, so that no process serves or stores what it may change, and again after it. That costs one write more. A process
    /// that dies in between leaves nothing old: the others invalidate what it announced. A commit that can't be announced within
    /// <see cref="KafkaEfCacheOptions.InvalidationTimeout"/> is refused with a <see cref="CommitRefusedException"/>.</summary>
    AroundCommit,

    /// <summary>As <see cref="AroundCommit"/>, but a commit that can't be announced goes on as with <see cref="AfterCommit"/>.</summary>
    AroundCommitWhenPossible,
}
