using System.Net.Mime;
using System.Text.Json;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.Extensions.Options;

namespace KafkaCaching.Demo.Http;

/// <summary>JSON with a line end, so that a shell's prompt stands on a line of its own after curl.</summary>
internal sealed class JsonAnswer(object value, int status = StatusCodes.Status200OK, string contentType = MediaTypeNames.Application.Json) : IResult
{
    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var options = httpContext.RequestServices.GetRequiredService<IOptions<JsonOptions>>().Value.SerializerOptions;
        byte[] body = [.. JsonSerializer.SerializeToUtf8Bytes(value, options), (byte)'\n'];
        httpContext.Response.StatusCode = status;
        httpContext.Response.ContentType = contentType;
        httpContext.Response.ContentLength = body.Length;
        await httpContext.Response.Body.WriteAsync(body, httpContext.RequestAborted);
    }
}
