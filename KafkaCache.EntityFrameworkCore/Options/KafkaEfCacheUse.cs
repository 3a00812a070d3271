namespace KafkaCaching.EntityFrameworkCore;

/// <summary>How a context uses the cache.</summary>
public enum KafkaEfCacheUse
{
    /// <summary>Its cached queries read and fill the cache, and its commits invalidate results.</summary>
    ReadAndInvalidate,

    /// <summary>Its commits invalidate results, and its cached queries read the database. Use it for a context over a replica, whose rows
    /// may be older than the invalidations that this process has seen.</summary>
    InvalidateOnly,
}
