using KafkaCaching.AspNetCore;
using KafkaCaching.AspNetCore.Requests;

namespace Microsoft.AspNetCore.Builder;

/// <summary>Adds the middleware for the directives that requests send to hybrid caches.</summary>
public static class KafkaHybridCacheApplicationBuilderExtensions
{
    /// <summary>Lets requests control how hybrid caches serve them, and reports in the response what the caches did. The directives
    /// <c>no-cache</c>, <c>no-store</c>, <c>max-age</c> and <c>only-if-cached</c> in the <c>Cache-Control</c> header of a GET or HEAD
    /// request are followed if they are allowed (RFC 9111, section 5.2.1). A response that contains values of a cache has <c>Cache-Status:
    /// web; hit; ttl=37</c> or <c>web; fwd=uri-miss; stored</c> (RFC 9211), and <c>Age</c>, the number of seconds since the oldest of the
    /// cached values was stored.</summary>
    /// <remarks>Place it after authentication and authorization, if <see cref="RequestCacheControlOptions.Allow"/> uses the user, and
    /// before <c>UseOutputCache</c>.</remarks>
    /// <param name="app">The application.</param>
    /// <param name="allow">Sets which directives are allowed. Default: none. The response headers are added in any case.</param>
    /// <returns>The application.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="app"/> is <see langword="null"/>.</exception>
    public static IApplicationBuilder UseRequestCacheControl(
        this IApplicationBuilder app, Action<RequestCacheControlOptions>? allow = null)
    {
        ArgumentNullException.ThrowIfNull(app);
        var options = new RequestCacheControlOptions();
        allow?.Invoke(options);
        return app.UseMiddleware<RequestCacheControlMiddleware>(options);
    }
}
