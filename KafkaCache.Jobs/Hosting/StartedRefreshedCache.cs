using KafkaCaching.Jobs.Refreshing;

namespace KafkaCaching.Jobs.Hosting;

/// <summary>A refreshed cache that starts with the host.</summary>
/// <param name="Cache">The cache.</param>
/// <param name="Waits">Whether the start of the host waits until the cache serves a version.</param>
internal sealed record StartedRefreshedCache(IRefreshedCacheLife Cache, bool Waits);
