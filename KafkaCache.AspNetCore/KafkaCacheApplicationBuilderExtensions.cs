using KafkaCaching.AspNetCore;
using KafkaCaching.AspNetCore.Positions;

namespace Microsoft.AspNetCore.Builder;

/// <summary>Adds the middleware for the position header.</summary>
public static class KafkaCacheApplicationBuilderExtensions
{
    /// <summary>Provides read-your-writes between services. A request with the header
    /// <c>KafkaCache-Position: users=3:1042, sessions=0:77</c> (cache name = position) waits until these positions are applied here before
    /// the next middleware runs. If a request has written records, its response has the same header with their positions: the highest one
    /// of each cache and partition.</summary>
    /// <remarks>Place it after authentication and authorization, because a client can make a request wait for as long as a cache's
    /// <c>ApplyTimeout</c>. A malformed header, or one with more than 100 positions, is answered with 400. A position that isn't applied in
    /// time, or can no longer be applied, is answered with 503. Positions of caches that the app's container doesn't have are ignored.
    /// </remarks>
    /// <param name="app">The application.</param>
    /// <returns>The application.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="app"/> is <see langword="null"/>.</exception>
    public static IApplicationBuilder UseKafkaCachePositions(this IApplicationBuilder app)
    {
        ArgumentNullException.ThrowIfNull(app);
        return app.UseMiddleware<PositionsMiddleware>();
    }
}
