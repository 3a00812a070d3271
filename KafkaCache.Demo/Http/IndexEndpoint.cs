using System.Text;
using Microsoft.AspNetCore.Http.Metadata;

namespace KafkaCaching.Demo.Http;

/// <summary><c>GET /</c>: the routes, from the routes themselves.</summary>
internal static class IndexEndpoint
{
    public static void Map(WebApplication app) => app.MapRead("/", () => Results.Text(List(app)), "this list");

    private static string Line(string methods, string? path, string summary) => $"{methods,-9} {path,-24} {summary}\n";

    private static string List(IEndpointRouteBuilder routes)
    {
        var text = new StringBuilder("KafkaCache demo\n\n");
        foreach (var endpoint in routes.DataSources.SelectMany(source => source.Endpoints).OfType<RouteEndpoint>())
        {
            var methods = endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods ?? [];
            var path = endpoint.RoutePattern.RawText?.Replace("**", "", StringComparison.Ordinal);
            if (endpoint.Metadata.GetMetadata<IEndpointSummaryMetadata>()?.Summary is { } summary)
                text.Append(Line(string.Join('|', methods), path, summary));
        }

        // Many routes, which the page itself knows.
        return text.Append(Line(HttpMethods.Get, HttpService.StatusPage, "the caches, live, in a browser")).ToString();
    }
}
