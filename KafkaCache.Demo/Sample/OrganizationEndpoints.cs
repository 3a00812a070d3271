using KafkaCaching.Demo.Http;

namespace KafkaCaching.Demo.Sample;

/// <summary>Routes of organizations.</summary>
internal sealed class OrganizationEndpoints(IReadOnlyKafkaCache<Guid, Organization> organizations)
{
    public void Map(IEndpointRouteBuilder routes) => routes.MapRead("/organizations/{id}", Get, "an organization");

    private IResult Get(string id, HttpResponse response)
    {
        if (!RouteId.TryParse(id, out var key, out var problem))
            return problem;
        if (!organizations.TryGetEntry(key, out var entry))
            return RouteId.Absent("organization");

        PositionHeaders.Set(response, organizations.Name, entry);
        return new JsonAnswer(entry.Value);
    }
}
