namespace KafkaCaching.Demo.Http;

internal static class RouteExtensions
{
    /// <summary>Maps a read: <c>GET</c>, and <c>HEAD</c> for whoever wants the headers alone.</summary>
    public static RouteHandlerBuilder MapRead(this IEndpointRouteBuilder routes, string pattern, Delegate handler, string summary) =>
        routes.MapMethods(pattern, [HttpMethods.Get, HttpMethods.Head], handler).WithSummary(summary);
}
