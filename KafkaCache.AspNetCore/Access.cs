using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;

namespace KafkaCaching.AspNetCore;

/// <summary>Checks whether the application has configured who may access an endpoint.</summary>
internal static class Access
{
    // An AuthorizationPolicy by itself doesn't count: ASP.NET Core reports no error if no middleware enforces it. It does report one for
    // IAuthorizeData, which RequireAuthorization always adds. The check is made when a request arrives, because conventions are added after
    // the mapping. By then, everything that the application has configured is in the endpoint's metadata.
    public static bool IsSaid(HttpContext context) =>
        context.GetEndpoint()?.Metadata is { } said
        && (said.GetMetadata<IAuthorizeData>() is not null || said.GetMetadata<IAllowAnonymous>() is not null);
}
