using Microsoft.AspNetCore.Http;

namespace KafkaCaching.AspNetCore;

/// <summary>The directives of a request's <c>Cache-Control</c> header that hybrid caches follow. Each one is off by default, because a
/// client that sends directives can cause additional queries of the sources.</summary>
public sealed class RequestCacheControlOptions
{
    /// <summary>Whether <c>no-cache</c> is followed: if so, values are loaded again and stored. Default: <see langword="false"/>.</summary>
    public bool NoCache { get; set; }

    /// <summary>Whether <c>no-store</c> is followed: if so, loaded values are not stored. Default: <see langword="false"/>.</summary>
    public bool NoStore { get; set; }

    /// <summary>Whether <c>max-age</c> is followed: if so, values older than it allows are loaded again and stored. Default:
    /// <see langword="false"/>.</summary>
    public bool MaxAge { get; set; }

    /// <summary>Whether <c>only-if-cached</c> is followed: if so, nothing is loaded, and a miss is answered with 504. Default:
    /// <see langword="false"/>.</summary>
    public bool OnlyIfCached { get; set; }

    /// <summary>Decides which requests may send the allowed directives. The directives of other requests are ignored. Default:
    /// <see langword="null"/>, which means all requests.</summary>
    public Func<HttpContext, bool>? Allow { get; set; }
}
