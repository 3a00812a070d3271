using System.Text;
using Microsoft.AspNetCore.Http.Metadata;

namespace KafkaCaching.Demo.Http;

/// <summary><c>GET /</c>: the routes, from the routes themselves.</summary>
internal static class IndexEndpoint
{
    public static void Map(WebApplication app) => app.MapRead("/", () => Results.Text(List(app)), "this list");

    private static string List(IEndpointRouteBuilder routes)
    {
        var text = new StringBuilder("KafkaCache demo\n\n");
        foreach (var endpoint in routes.DataSources.SelectMany(source => source.Endpoints).OfType<RouteEndpoint>())
        {
            var methods = endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods ?? [];
            var path = endpoint.RoutePattern.RawText?.Replace("**", "", StringComparison.Ordinal);
            var summary = endpoint.Metadata.GetMetadata<IEndpointSummaryMetadata>()?.Summary;
            text.Append(string.Join('|', methods).PadRight(9)).Append(' ').Append(summary is null ? path : $"{path,-24} {summary}").Append('\n');
        }

        return text.ToString();
    }
}
