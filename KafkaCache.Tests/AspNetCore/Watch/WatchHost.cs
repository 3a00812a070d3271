using System.Net.ServerSentEvents;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace KafkaCaching.Tests.AspNetCore.Watch;

/// <summary>A service with a watch endpoint.</summary>
internal sealed class WatchHost : IAsyncDisposable
{
    private readonly WebApplication _app;

    private WatchHost(WebApplication app) => _app = app;

    public Uri Address => new(_app.Urls.Single());

    public IServiceProvider Services => _app.Services;

    public static async Task<WatchHost> StartAsync(
        Action<IServiceCollection> add, Action<WebApplication> map, TimeProvider? time = null, bool listens = false)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        if (listens)
            builder.WebHost.UseKestrel().UseUrls("http://127.0.0.1:0");
        else
            builder.WebHost.UseTestServer();
        if (time is not null)
            builder.Services.AddSingleton(time);
        add(builder.Services);
        builder.Services.AddKafkaCacheProblemDetails();
        var app = builder.Build();
        app.UseExceptionHandler();
        map(app);
        await app.StartAsync(TestContext.Current.CancellationToken);
        return new WatchHost(app);
    }

    public HttpClient Client() =>
        _app.Services.GetRequiredService<IServer>() is TestServer server ? server.CreateClient() : new HttpClient { BaseAddress = Address };

    public Task StopAsync() => _app.StopAsync(TestContext.Current.CancellationToken);

    public async Task<HttpResponseMessage> GetAsync(string path, string? lastEventId = null, string? ifNoneMatch = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        if (lastEventId is not null)
            request.Headers.TryAddWithoutValidation("Last-Event-ID", lastEventId);
        if (ifNoneMatch is not null)
            request.Headers.TryAddWithoutValidation("If-None-Match", ifNoneMatch);
        using var client = Client();
        return await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
    }

    public async Task<EventReader> WatchAsync(string path, string? lastEventId = null)
    {
        var response = await GetAsync(path, lastEventId);
        Assert.Equal("text/event-stream", response.Content.Headers.ContentType?.MediaType);
        return new EventReader(response);
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    internal sealed class EventReader(HttpResponseMessage response) : IAsyncDisposable
    {
        private IAsyncEnumerator<SseItem<string>>? _events;

        public string? LastId { get; private set; }

        public JsonElement Data { get; private set; }

        /// <summary>Returns the next event as a line, or <see langword="null"/> if the stream has ended.</summary>
        public async Task<string?> NextAsync()
        {
            var token = TestContext.Current.CancellationToken;
            _events ??= SseParser.Create(await response.Content.ReadAsStreamAsync(token)).EnumerateAsync(token).GetAsyncEnumerator(token);
            if (!await _events.MoveNextAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(20), token))
                return null;
            var (type, data) = (_events.Current.EventType, _events.Current.Data);
            LastId = _events.Current.EventId ?? LastId;
            Data = JsonDocument.Parse(data).RootElement;
            return Data.TryGetProperty("key", out var key) ? $"{type} {key}={Data.GetProperty("value")}" : type;
        }

        public async ValueTask DisposeAsync()
        {
            if (_events is not null)
                await _events.DisposeAsync();
            response.Dispose();
        }
    }
}
