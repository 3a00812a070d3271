namespace KafkaCaching.Hybrid;

/// <summary>Thrown when a request accepts only cached values (<c>only-if-cached</c>) and a value is not cached. Over HTTP, the response is
/// 504 (RFC 9111, section 5.2.1.7).</summary>
public class OnlyIfCachedException : KafkaCacheException
{
    /// <summary>Creates the exception.</summary>
    /// <param name="cache">The name of the cache.</param>
    public OnlyIfCachedException(string cache)
        : base($"The hybrid cache '{cache}' does not have the value, and the request accepts only cached values (only-if-cached).") =>
        Cache = cache;

    /// <summary>The name of the cache.</summary>
    public string Cache { get; }
}
