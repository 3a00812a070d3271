using System.Buffers.Text;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace KafkaCaching.AspNetCore.Status;

/// <summary>One file of the page, read from the assembly.</summary>
internal sealed class PageAsset(string name, byte[] content)
{
    private readonly EntityTagHeaderValue _tag = new($"\"{Base64Url.EncodeToString(SHA256.HashData(content))}\"");

    public string Name { get; } = name;

    private string ContentType { get; } = Path.GetExtension(name) switch
    {
        ".html" => "text/html; charset=utf-8",
        ".css" => "text/css; charset=utf-8",
        ".js" => "text/javascript; charset=utf-8",
        ".svg" => "image/svg+xml",
        var other => throw new InvalidOperationException($"No content type is known for '{other}'."),
    };

    public async Task ServeAsync(HttpContext context)
    {
        var response = context.Response;
        response.Headers.CacheControl = "no-cache"; // Browsers revalidate it, so an old script never runs in a new page.
        response.GetTypedHeaders().ETag = _tag;
        foreach (var known in context.Request.GetTypedHeaders().IfNoneMatch)
        {
            if (known.Compare(_tag, useStrongComparison: false))
            {
                response.StatusCode = StatusCodes.Status304NotModified;
                return;
            }
        }

        response.ContentType = ContentType;
        response.ContentLength = content.Length;
        if (HttpMethods.IsGet(context.Request.Method))
            await response.Body.WriteAsync(content, context.RequestAborted);
    }
}
