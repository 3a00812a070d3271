using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;
using Confluent.SchemaRegistry;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace KafkaCaching.Tests.Schemas;

/// <summary>The part of a schema registry's HTTP API that Confluent's client needs. Returns schemas by ID and GUID, counts the requests for
/// each, and can be made unavailable.</summary>
public sealed class FakeRegistry : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentDictionary<string, int> _fetches = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, string> _schemas = new(StringComparer.Ordinal);
    private int _requests;

    private FakeRegistry(WebApplication app)
    {
        _app = app;
        app.Use(CountAsync);
        app.MapGet("/schemas/ids/{schema}", Fetch);
        app.MapGet("/schemas/guids/{schema}", Fetch);
        app.MapPost("/subjects/{subject}/versions", Register);
        app.MapFallback(static () => NotFound(404, "HTTP 404 Not Found"));
    }

    public bool IsDown { get; set; }

    /// <summary>The ID assigned to the next registered schema.</summary>
    public int NextId { get; set; } = 11;

    /// <summary>The number of requests, for schemas and registrations.</summary>
    public int Requests => Volatile.Read(ref _requests);

    public IReadOnlyDictionary<string, int> Fetches => _fetches;

    /// <summary>Creates a client with empty caches. <c>MaxRetries</c> is 1 because Confluent's client 2.16.0 sends no request with 0 and
    /// throws a NullReferenceException.</summary>
    public CachedSchemaRegistryClient Client() =>
        new(new SchemaRegistryConfig { Url = _app.Urls.Single(), MaxRetries = 1, RetriesWaitMs = 1, RetriesMaxWaitMs = 1 });

    public static async Task<FakeRegistry> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        var registry = new FakeRegistry(builder.Build());
        registry._app.Urls.Add("http://127.0.0.1:0");
        await registry._app.StartAsync(TestContext.Current.CancellationToken);
        return registry;
    }

    public FakeRegistry With(string schema, params string[] names)
    {
        foreach (var name in names)
            _schemas[name] = schema;
        return this;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private Task CountAsync(HttpContext context, RequestDelegate next)
    {
        Interlocked.Increment(ref _requests);
        if (!IsDown)
            return next(context);
        context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
        return Task.CompletedTask;
    }

    private IResult Fetch(string schema)
    {
        _fetches.AddOrUpdate(schema, 1, static (_, count) => count + 1);
        return _schemas.TryGetValue(schema, out var text)
            ? Results.Json(new { schema = text })
            : NotFound(40403, $"Schema {schema} not found");
    }

    private static IResult NotFound(int code, string message) =>
        Results.Json(new { error_code = code, message }, statusCode: StatusCodes.Status404NotFound);

    private IResult Register(string subject, JsonElement body)
    {
        var schema = body.GetProperty("schema").GetString()!;
        var guid = Guid.NewGuid().ToString();
        With(schema, NextId.ToString(CultureInfo.InvariantCulture), guid);
        return Results.Json(
            new
            {
                id = NextId, version = 1, subject, guid, schema,
                schemaType = body.TryGetProperty("schemaType", out var type) ? type.GetString() : "AVRO",
            });
    }
}
