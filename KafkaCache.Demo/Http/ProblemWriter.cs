using System.Net.Mime;

namespace KafkaCaching.Demo.Http;

/// <summary>Writes the library's problems as the demo writes its own, whatever the client says that it takes.</summary>
internal sealed class ProblemWriter : IProblemDetailsWriter
{
    public bool CanWrite(ProblemDetailsContext context) => true;

    public ValueTask WriteAsync(ProblemDetailsContext context) =>
        new(new JsonAnswer(context.ProblemDetails, context.HttpContext.Response.StatusCode, MediaTypeNames.Application.ProblemJson).ExecuteAsync(context.HttpContext));
}
