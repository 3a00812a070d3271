using System.Diagnostics.CodeAnalysis;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace KafkaCaching.AspNetCore.Watch;

/// <summary>Reads the options of a watch from a request.</summary>
internal static class WatchRequest
{
    private const string LastEventId = "Last-Event-ID";

    // If more changes than this are pending for a client, they are conflated.
    private const int MaxPending = 1_000;

    private static readonly Type[] TextKeyTypes = [typeof(string), typeof(Guid)];

    /// <returns>The problem with the request, for the response; <see langword="null"/> if there is none.</returns>
    public static string? TryRead<TKey>(HttpRequest request, [NotNullWhen(true)] out WatchOptions<TKey>? options)
        where TKey : notnull
    {
        options = null;
        WatchCursor? after = null;
        if (LastEventOf(request) is { Length: > 0 } id && !WatchCursor.TryParse(id, out after))
            return $"{LastEventId} is not the ID of an event of this endpoint. Leave it out to begin with the initial content.";
        string? prefix = request.Query["prefix"];
        if (typeof(TKey) == typeof(Guid))
            prefix = prefix?.ToLowerInvariant(); // The keys are encoded in lower case.
        if (prefix is not null && !TextKeyTypes.Contains(typeof(TKey)))
            return "The keys of this cache are not text, so a prefix of them can't be given in a URL. Leave out 'prefix'.";
        options = new WatchOptions<TKey>
        {
            KeyPrefix = prefix is null ? default : Encoding.UTF8.GetBytes(prefix),
            MaxPending = MaxPending,
            WithCursors = true,
            ResumeAfter = after,
        };
        return null;
    }

    // A browser sends the header Last-Event-ID when it reconnects. A script can't set headers of an EventSource, so a page that starts from
    // a stored event ID passes it in the query.
    private static string? LastEventOf(HttpRequest request) =>
        request.Headers[LastEventId] is [{ } header] ? header : request.Query["lastEventId"];
}
