using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace KafkaCaching.AspNetCore.Status;

/// <summary>Guards each of the page's routes: it checks whether the page may be shown and whether the method is allowed, and sets the
/// security headers.</summary>
internal sealed class PageGate(bool isDevelopment, ILogger logger)
{
    // Only scripts, styles and requests of this origin are allowed. So a value would do no harm even if the page inserted it as markup by
    // mistake.
    private const string ContentSecurityPolicy =
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; base-uri 'none'; "
        + "form-action 'self'; frame-ancestors 'none'";

    private int _isExplained;

    public RequestDelegate Get(RequestDelegate serve) => Guard([HttpMethods.Get, HttpMethods.Head], serve);

    public RequestDelegate Post(RequestDelegate serve) => Guard([HttpMethods.Post], serve);

    private RequestDelegate Guard(string[] methods, RequestDelegate serve) => context =>
    {
        // This check comes first, because allowed methods or security headers would reveal a hidden page.
        if (!MayBeShown(context))
            return Hide(context);

        var headers = context.Response.Headers;
        headers.ContentSecurityPolicy = ContentSecurityPolicy;
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "no-referrer";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        headers.CacheControl = "no-store";
        if (Array.Exists(methods, method => HttpMethods.Equals(method, context.Request.Method)))
            return serve(context);

        headers.Allow = methods;
        context.Response.StatusCode = StatusCodes.Status405MethodNotAllowed;
        return Task.CompletedTask;
    };

    private bool MayBeShown(HttpContext context) => isDevelopment || Access.IsSaid(context);

    private Task Hide(HttpContext context)
    {
        if (Interlocked.Exchange(ref _isExplained, 1) == 0)
            Log.StatusPageHidden(logger);
        context.Response.StatusCode = StatusCodes.Status404NotFound;
        return Task.CompletedTask;
    }
}
