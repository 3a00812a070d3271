namespace KafkaCaching.EntityFrameworkCore;

/// <summary>How a context uses the cache.</summary>
public enum KafkaEfCacheUse
{
    /// <summary>The context's cached queries read and fill the cache, and its commits invalidate results.</summary>
    ReadAndInvalidate,

    /// <summary>The context's commits invalidate results, and its cached queries read the database. Use this value for a context over a
    /// replica, whose rows may be older than the invalidations that this process has seen.</summary>
    InvalidateOnly,
}
