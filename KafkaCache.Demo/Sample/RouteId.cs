using System.Diagnostics.CodeAnalysis;
using KafkaCaching.Demo.Http;

namespace KafkaCaching.Demo.Sample;

/// <summary>The ID in a path.</summary>
internal static class RouteId
{
    public static bool TryParse(string text, out Guid id, [NotNullWhen(false)] out Problem? problem)
    {
        problem = Guid.TryParseExact(text, "D", out id) ? null : new Problem(StatusCodes.Status400BadRequest, "Bad ID", "An ID is a UUID of 36 characters.");
        return problem is null;
    }

    public static Problem Absent(string what) =>
        new(StatusCodes.Status404NotFound, $"No such {what}", $"There is no {what} with this ID. GET /users lists some users.");
}
