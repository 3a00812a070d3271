using KafkaCaching.Demo.Http;

namespace KafkaCaching.Demo.Sample;

/// <summary>Routes of sessions, each joined with its user.</summary>
internal sealed class SessionEndpoints(IReadOnlyKafkaCache<Guid, Session> sessions, IReadOnlyKafkaCache<Guid, User> users)
{
    public void Map(IEndpointRouteBuilder routes) => routes.MapRead("/sessions/{id}", Get, "a session with its user");

    private IResult Get(string id, HttpResponse response)
    {
        if (!RouteId.TryParse(id, out var key, out var problem))
            return problem;
        if (!sessions.TryGetEntry(key, out var entry))
            return RouteId.Absent("session");

        PositionHeaders.Set(response, sessions.Name, entry);
        return new JsonAnswer(Join(entry.Value));
    }

    private object Join(Session session)
    {
        var user = users.Get(session.User);
        return new
        {
            session.Id,
            session.Type,
            session.IpAddress,
            UserId = session.User,
            User = user is null ? null : new { user.Email, user.DisplayName },
        };
    }
}
