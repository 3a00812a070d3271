namespace KafkaCaching.Demo.Sample;

/// <summary>The routes of the sample: reads from the caches, joined in memory, and writes through them.</summary>
internal static class SampleEndpoints
{
    public static void MapSample(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/users", (IReadOnlyKafkaCache<Guid, User> users) => users.Scan().Take(10).Select(user => user.Value.Value))
            .WithSummary("ten of the users");

        routes.MapKafkaCacheWatch<Guid, User>("/users/watch").WithSummary("the users and their changes, as server-sent events");

        routes.MapGet("/users/live", () => Results.Stream(
                typeof(SampleEndpoints).Assembly.GetManifestResourceStream("Live.html")!, "text/html; charset=utf-8"))
            .WithSummary("a page that shows users as they change");

        routes.MapGet("/users/{id}", GetUser).WithSummary("a user with the names of the groups");

        routes.MapPut("/users/{id}", PutUserAsync).WithSummary("write a user: email, displayName, groups; ?wait=applied");

        routes.MapDelete("/users/{id}", async (Guid id, Wait? wait, IKafkaCache<Guid, User> users, CancellationToken cancelled) =>
                PutAnswer.Of(await users.RemoveAsync(id, wait?.For ?? PutWait.Acknowledged, cancelled)))
            .WithSummary("delete a user; ?wait=applied");

        routes.MapGet("/organizations/{id}", (Guid id, IReadOnlyKafkaCache<Guid, Organization> organizations) =>
                organizations.TryGet(id, out var organization) ? Results.Json(organization) : Results.NotFound())
            .WithSummary("an organization");

        routes.MapGet("/sessions/{id}", (Guid id, IKafkaCacheView<Guid, SessionView> sessions) =>
                sessions.TryGet(id, out var session) ? Results.Json(session) : Results.NotFound())
            .WithSummary("a session with its user and organizations");
    }

    private static IResult GetUser(Guid id, IReadOnlyKafkaCache<Guid, User> users, IReadOnlyKafkaCache<Guid, Organization> organizations)
    {
        if (!users.TryGet(id, out var user))
            return Results.NotFound();

        var groups = user.Groups.Select(group => new { Id = group, organizations.Get(group)?.Name });
        return Results.Json(new { user.Id, user.Email, user.DisplayName, Groups = groups });
    }

    private static async Task<PutAnswer> PutUserAsync(
        Guid id, UserBody body, Wait? wait, IKafkaCache<Guid, User> users, CancellationToken cancelled)
    {
        var user = new User(id, body.Email, body.DisplayName, body.Groups);
        return PutAnswer.Of(await users.PutAsync(id, user, wait?.For ?? PutWait.Acknowledged, cancelled));
    }
}
