using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;

namespace KafkaCaching.AspNetCore;

/// <summary>Checks whether the application has configured who may access an endpoint.</summary>
internal static class Access
{
    // An AuthorizationPolicy by itself doesn't count, because ASP.NET Core reports no error if no middleware enforces it. It reports one
    // for IAuthorizeData, which RequireAuthorization always adds. The check is made for each request, because conventions are added to the
    // endpoint only after it has been mapped.
    public static bool IsSaid(HttpContext context) =>
        context.GetEndpoint()?.Metadata is { } said
        && (said.GetMetadata<IAuthorizeData>() is not null || said.GetMetadata<IAllowAnonymous>() is not null);
}
