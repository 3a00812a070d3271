using KafkaCaching.Demo.Http;

namespace KafkaCaching.Demo.Sample;

/// <summary>Routes of users, whose groups are joined from the organizations.</summary>
internal sealed class UserEndpoints(IKafkaCache<Guid, User> users, IReadOnlyKafkaCache<Guid, Organization> organizations)
{
    private const int ListLength = 10;

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapRead("/users", List, $"{ListLength} of the users");
        routes.MapRead("/users/{id}", Get, "a user with the names of the groups");
        routes.MapPut("/users/{id}", PutAsync).WithSummary("write a user: email, displayName, groups; ?wait=applied");
        routes.MapDelete("/users/{id}", DeleteAsync).WithSummary("delete a user; ?wait=applied");
    }

    private JsonAnswer List() => new JsonAnswer(users.Scan().Take(ListLength).Select(user => user.Value.Value).ToArray());

    private IResult Get(string id, HttpResponse response)
    {
        if (!RouteId.TryParse(id, out var key, out var problem))
            return problem;
        if (!users.TryGetEntry(key, out var entry))
            return RouteId.Absent("user");

        PositionHeaders.Set(response, users.Name, entry);
        return new JsonAnswer(Join(entry.Value));
    }

    private async Task<IResult> PutAsync(string id, HttpContext context)
    {
        if (!RouteId.TryParse(id, out var key, out var problem))
            return problem;

        var (user, bodyProblem) = await UserBody.ReadAsync(context.Request, key);
        return user is null ? bodyProblem! : await PutAnswer.RunAsync(context, (wait, cancelled) => users.PutAsync(key, user, wait, cancelled));
    }

    private async Task<IResult> DeleteAsync(string id, HttpContext context) =>
        RouteId.TryParse(id, out var key, out var problem)
            ? await PutAnswer.RunAsync(context, (wait, cancelled) => users.RemoveAsync(key, wait, cancelled))
            : problem;

    private object Join(User user) => new
    {
        user.Id,
        user.Email,
        user.DisplayName,
        Groups = user.Groups.Select(group => new { Id = group, organizations.Get(group)?.Name }).ToArray(),
    };
}
