using System.Net.Http.Headers;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace KafkaCaching.Tests.AspNetCore.Status;

/// <summary>A service with a status page of the given caches, and a clock that only the test moves.</summary>
internal sealed class StatusHost : IAsyncDisposable
{
    private readonly WebApplication _app;

    private StatusHost(WebApplication app, FakeTimeProvider time)
    {
        _app = app;
        Time = time;
    }

    public FakeTimeProvider Time { get; }

    /// <summary>The address, if the service listens on a port.</summary>
    public Uri Address => new(_app.Urls.Single());

    public IServiceProvider Services => _app.Services;

    /// <summary>Starts the service without a port, for tests that need no browser.</summary>
    public static Task<StatusHost> StartAsync(params IKafkaCache[] caches) => StartAsync(caches, environment: "Development");

    public static Task<StatusHost> StartAsync(
        IKafkaCache[] caches, string environment, Action<WebApplicationBuilder>? configure = null, Action<WebApplication>? map = null) =>
        StartAsync(caches, environment, builder => builder.WebHost.UseTestServer(), configure, map);

    /// <summary>Starts the service on a free local port, for tests with a browser.</summary>
    public static Task<StatusHost> ListenAsync(params IKafkaCache[] caches) => ListenAsync(caches, configure: null);

    /// <summary>Starts the service on a free local port, with the given registrations.</summary>
    public static Task<StatusHost> ListenAsync(Action<IServiceCollection> add) => ListenAsync([], builder => add(builder.Services));

    public HttpClient Client() => _app.GetTestClient();

    public async Task<HttpResponseMessage> GetAsync(string path) =>
        await Client().GetAsync(new Uri(path, UriKind.Relative), TestContext.Current.CancellationToken);

    public Task<HttpResponseMessage> FindAsync(string body, string? contentType = "application/json") =>
        PostAsync("find", body, contentType);

    public async Task<HttpResponseMessage> PostAsync(
        string route, string body, string? contentType = "application/json", Action<HttpRequestMessage>? change = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri($"/kafkacache/{route}", UriKind.Relative))
        {
            Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body)),
        };
        request.Content.Headers.ContentType = contentType is null ? null : MediaTypeHeaderValue.Parse(contentType);
        change?.Invoke(request);
        return await Client().SendAsync(request, TestContext.Current.CancellationToken);
    }

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    private static Task<StatusHost> ListenAsync(IKafkaCache[] caches, Action<WebApplicationBuilder>? configure) =>
        StartAsync(caches, "Development", builder => builder.WebHost.UseKestrel().UseUrls("http://127.0.0.1:0"), configure, map: null);

    private static async Task<StatusHost> StartAsync(
        IKafkaCache[] caches, string environment, Action<WebApplicationBuilder> serve, Action<WebApplicationBuilder>? configure,
        Action<WebApplication>? map)
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { EnvironmentName = environment });
        builder.Logging.ClearProviders();
        foreach (var cache in caches)
            builder.Services.AddSingleton(cache);
        serve(builder);
        configure?.Invoke(builder);
        var time = new FakeTimeProvider(DateTimeOffset.UnixEpoch);
        builder.Services.AddSingleton<TimeProvider>(time);
        var host = new StatusHost(builder.Build(), time);
        (map ?? (static app => app.MapKafkaCacheStatus()))(host._app);
        await host._app.StartAsync(TestContext.Current.CancellationToken);
        return host;
    }
}
