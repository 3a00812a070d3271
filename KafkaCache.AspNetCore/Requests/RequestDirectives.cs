using System.Globalization;
using KafkaCaching.Hybrid;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace KafkaCaching.AspNetCore.Requests;

/// <summary>Reads the directives of a request that the options allow.</summary>
internal static class RequestDirectives
{
    // RFC 9111, section 1.2.2: a larger number of seconds counts as the largest that the cache can represent.
    private const int MaxSeconds = int.MaxValue;

    /// <returns>The directives; none if the header is missing or malformed. RFC 9111 requires caches to ignore directives that they don't
    /// understand.</returns>
    public static CacheDirectives Of(HttpContext context, RequestCacheControlOptions options)
    {
        // The directives are defined for cached responses, which only GET and HEAD requests have.
        var request = context.Request;
        if (!HttpMethods.IsGet(request.Method) && !HttpMethods.IsHead(request.Method))
            return default;
        if (!NameValueHeaderValue.TryParseList(request.Headers.CacheControl, out var sent) || !AreAllowed(context, options))
            return default;
        var directives = default(CacheDirectives);
        foreach (var directive in sent)
            directives = With(directives, directive, options);
        return directives;
    }

    private static CacheDirectives With(CacheDirectives others, NameValueHeaderValue directive, RequestCacheControlOptions options)
    {
        if (Is(directive, "max-age"))
            return options.MaxAge && Seconds(directive) is { } age ? others with { MaxAge = age } : others;
        if (directive.Value.HasValue)
            return others; // None of the other directives has an argument.
        return others with
        {
            NoCache = others.NoCache || (options.NoCache && Is(directive, "no-cache")),
            NoStore = others.NoStore || (options.NoStore && Is(directive, "no-store")),
            OnlyIfCached = others.OnlyIfCached || (options.OnlyIfCached && Is(directive, "only-if-cached")),
        };
    }

    private static bool Is(NameValueHeaderValue directive, string name) => directive.Name.Equals(name, StringComparison.OrdinalIgnoreCase);

    private static TimeSpan? Seconds(NameValueHeaderValue directive)
    {
        var digits = directive.Value.AsSpan();
        if (digits.IsEmpty || digits.ContainsAnyExceptInRange('0', '9'))
            return null;
        return TimeSpan.FromSeconds(int.TryParse(digits, CultureInfo.InvariantCulture, out var seconds) ? seconds : MaxSeconds);
    }

    private static bool AreAllowed(HttpContext context, RequestCacheControlOptions options) =>
        options.Allow is not { } allow || allow(context);
}
