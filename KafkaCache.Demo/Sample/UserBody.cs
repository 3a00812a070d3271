using System.Text.Json;
using System.Text.Json.Serialization;
using KafkaCaching.Demo.Http;

namespace KafkaCaching.Demo.Sample;

/// <summary>A user as the body of a <c>PUT</c>: the ID stands in the path, and may be repeated.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record UserBody
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { RespectNullableAnnotations = true };

    public Guid? Id { get; init; }

    public required string Email { get; init; }

    public required string DisplayName { get; init; }

    public required IReadOnlyList<Guid> Groups { get; init; }

    public static async Task<(User? User, Problem? Problem)> ReadAsync(HttpRequest request, Guid id)
    {
        try
        {
            var body = await JsonSerializer.DeserializeAsync<UserBody>(request.Body, Json, request.HttpContext.RequestAborted);
            if (body is null)
                return (null, Refused("it is null"));
            if (body.Id is { } given && given != id)
                return (null, Refused("its id is not the one in the path; leave it out"));
            return (new User(id, body.Email, body.DisplayName, body.Groups), null);
        }
        catch (JsonException exception)
        {
            return (null, Refused(exception.Message));
        }
    }

    private static Problem Refused(string why) =>
        new(StatusCodes.Status400BadRequest, "Bad user", $$"""The body is not a user: {{why.TrimEnd('.')}}. Send JSON such as {"email":"ada@example.com","displayName":"Ada","groups":[]}.""");
}
