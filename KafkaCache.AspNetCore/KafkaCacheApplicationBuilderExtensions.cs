using KafkaCaching.AspNetCore;
using KafkaCaching.AspNetCore.Positions;

namespace Microsoft.AspNetCore.Builder;

/// <summary>Adds the position header.</summary>
public static class KafkaCacheApplicationBuilderExtensions
{
    /// <summary>Read-your-writes between services: a request header <c>KafkaCache-Position: users=3:1042, sessions=0:77</c> (cache name =
    /// position) makes the request wait until these are applied here, before the next middleware; a response to a request that wrote
    /// carries what it wrote, the highest of each cache and partition.</summary>
    /// <remarks>Place it after authentication and authorization: whoever may send the header may make a request wait as long as a cache's
    /// <c>ApplyTimeout</c>. A header of another form, or of more than 100 positions, is answered with 400; a position that isn't applied in
    /// time, or can't be any more, with 503; caches that the app doesn't have are passed over. The caches are those of the
    /// container.</remarks>
    /// <param name="app">The application.</param>
    /// <returns>The application.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="app"/> is <see langword="null"/>.</exception>
    public static IApplicationBuilder UseKafkaCachePositions(this IApplicationBuilder app)
    {
        ArgumentNullException.ThrowIfNull(app);
        return app.UseMiddleware<PositionsMiddleware>();
    }
}
