using KafkaCaching.Hybrid;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace KafkaCaching.AspNetCore.Requests;

/// <summary>Reads the directives of a request that the options allow.</summary>
internal static class RequestDirectives
{
    /// <returns>The directives; none if the header is missing or malformed, because RFC 9111 requires caches to ignore directives that they
    /// don't understand.</returns>
    public static CacheDirectives Of(HttpContext context, RequestCacheControlOptions options)
    {
        // The directives are defined for cached responses, which only GET and HEAD requests have.
        var request = context.Request;
        if (!HttpMethods.IsGet(request.Method) && !HttpMethods.IsHead(request.Method))
            return default;
        if (!CacheControlHeaderValue.TryParse(request.Headers.CacheControl.ToString(), out var header) || !MayDirect(context, options))
            return default;
        return new CacheDirectives(
            NoCache: options.NoCache && header.NoCache,
            NoStore: options.NoStore && header.NoStore,
            MaxAge: options.MaxAge ? header.MaxAge : null,
            OnlyIfCached: options.OnlyIfCached && header.OnlyIfCached);
    }

    private static bool MayDirect(HttpContext context, RequestCacheControlOptions options) =>
        options.Allow is not { } allow || allow(context);
}
