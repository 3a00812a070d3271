using System.Net.Http.Headers;
using System.Text.Json;
using KafkaCaching.Demo;
using KafkaCaching.Demo.Arguments;
using KafkaCaching.Demo.Terminals;
using KafkaCaching.Tests.Brokers;
using Prometheus;

namespace KafkaCaching.Tests.Demo;

/// <summary>A demo in this process, on a port and with a registry of its own, with a client for it.</summary>
internal sealed class DemoUnderTest : IAsyncDisposable
{
    private readonly RunningDemo _demo;

    private DemoUnderTest(RunningDemo demo)
    {
        _demo = demo;
        Client = new HttpClient { BaseAddress = demo.Address };
    }

    public HttpClient Client { get; }

    public RunningDemo Demo => _demo;

    public static async Task<DemoUnderTest> StartAsync(params string[] args)
    {
        var arguments = DemoCommand.Parse([.. args, "--port", "0"], bootstrapServers: null, TextWriter.Null)!;
        return new DemoUnderTest(await RunningDemo.StartAsync(arguments, new Terminal(TextWriter.Null), Metrics.NewCustomRegistry(), TestContext.Current.CancellationToken));
    }

    public static async Task<DemoUnderTest> StartReadyAsync(params string[] args)
    {
        var demo = await StartAsync(args);
        try
        {
            await Eventually.TrueAsync(() => demo._demo.Caches.All(cache => ReplayProgress.IsReady(cache.Status)));
            return demo;
        }
        catch
        {
            await demo.DisposeAsync();
            throw;
        }
    }

    /// <summary>Sends to a path exactly as it is written, dot segments and encoded slashes included.</summary>
    public async Task<DemoAnswer> SendAsync(HttpMethod method, string path, byte[]? body = null, string? host = null)
    {
        var uri = new Uri(Client.BaseAddress!.GetLeftPart(UriPartial.Authority) + path, new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true });
        using var request = new HttpRequestMessage(method, uri) { Content = body is null ? null : new ByteArrayContent(body) };
        request.Headers.Host = host;
        using var response = await Client.SendAsync(request, TestContext.Current.CancellationToken);
        return new DemoAnswer(
            (int)response.StatusCode,
            response.Headers,
            response.Content.Headers,
            await response.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken));
    }

    public Task<DemoAnswer> GetAsync(string path) => SendAsync(HttpMethod.Get, path);

    public Task<DemoAnswer> PutAsync(string path, byte[] body) => SendAsync(HttpMethod.Put, path, body);

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _demo.DisposeAsync();
    }
}

internal sealed record DemoAnswer(int Status, HttpResponseHeaders Headers, HttpContentHeaders ContentHeaders, byte[] Body)
{
    public string? ContentType => ContentHeaders.ContentType?.MediaType;

    public JsonElement Json => JsonElement.Parse(Body);

    public string? Header(string name) => Headers.TryGetValues(name, out var values) ? string.Join(',', values) : null;

    /// <summary>Checks that this is a problem, and gives its detail.</summary>
    public string AssertProblem(int status)
    {
        Assert.Equal(status, Status);
        Assert.Equal("application/problem+json", ContentType);
        Assert.Equal("nosniff", Header("X-Content-Type-Options"));
        Assert.Equal(status, Json.GetProperty("status").GetInt32());
        Assert.NotEqual("", Json.GetProperty("title").GetString());
        return Json.GetProperty("detail").GetString()!;
    }
}
