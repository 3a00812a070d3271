namespace KafkaCaching.Hybrid;

/// <summary>The cache directives of a request: those of RFC 9111, section 5.2.1, that a cache of values can honour.</summary>
/// <param name="NoCache"><c>no-cache</c>: values are loaded from their sources again, and stored.</param>
/// <param name="NoStore"><c>no-store</c>: values that are loaded are not stored. Values that are stored already are still found.</param>
/// <param name="MaxAge"><c>max-age</c>: a value older than this is loaded again and stored; <see langword="null"/> if any age is
/// accepted.</param>
/// <param name="OnlyIfCached"><c>only-if-cached</c>: nothing is loaded. A miss ends with an <see cref="OnlyIfCachedException"/>.</param>
public readonly record struct CacheDirectives(
    bool NoCache = false, bool NoStore = false, TimeSpan? MaxAge = null, bool OnlyIfCached = false);
