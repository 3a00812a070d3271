using System.Globalization;
using System.Net.Mime;

namespace KafkaCaching.Demo.Http;

/// <summary>An error as RFC 9457 problem details. The detail says what to do.</summary>
internal sealed record Problem(int Status, string Title, string Detail) : IResult
{
    /// <summary>When to try again, where that helps.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>Members beside the standard ones.</summary>
    public IReadOnlyDictionary<string, object?> Extensions { get; init; } = new Dictionary<string, object?>(StringComparer.Ordinal);

    public Task ExecuteAsync(HttpContext httpContext)
    {
        if (RetryAfter is { } retryAfter)
            httpContext.Response.Headers.RetryAfter = Math.Max(1, Math.Ceiling(retryAfter.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
        var details = TypedResults.Problem(Detail, statusCode: Status, title: Title, extensions: Extensions).ProblemDetails;
        return new JsonAnswer(details, Status, MediaTypeNames.Application.ProblemJson).ExecuteAsync(httpContext);
    }
}
