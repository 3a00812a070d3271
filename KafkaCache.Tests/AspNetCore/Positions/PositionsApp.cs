using KafkaCaching.AspNetCore.Positions;
using KafkaCaching.Tests.Diagnostics;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace KafkaCaching.Tests.AspNetCore.Positions;

/// <summary>An application with the middleware and a single catch-all endpoint.</summary>
internal sealed class PositionsApp(WebApplication app, ListLogger logger) : IAsyncDisposable
{
    public ListLogger Logger { get; } = logger;

    public static Task<PositionsApp> StartAsync(RequestDelegate endpoint, params IKafkaCache[] caches) => StartAsync(endpoint, services =>
    {
        foreach (var cache in caches)
            services.AddSingleton(cache);
    });

    public static async Task<PositionsApp> StartAsync(
        RequestDelegate endpoint, Action<IServiceCollection> register, Action<IApplicationBuilder>? before = null)
    {
        var logs = new ListLoggerFactory();
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseTestServer();
        builder.Services.AddSingleton<ILoggerFactory>(logs);
        register(builder.Services);
        var app = builder.Build();
        before?.Invoke(app);
        app.UseKafkaCachePositions();
        app.Run(endpoint);
        await app.StartAsync(TestContext.Current.CancellationToken);
        return new PositionsApp(app, logs.Logger);
    }

    public async Task<HttpResponseMessage> GetAsync(string path, string? positions = null, CancellationToken? cancellationToken = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        if (positions is not null)
            Assert.True(request.Headers.TryAddWithoutValidation(PositionsHeader.Name, positions));
        using var client = app.GetTestClient();
        client.Timeout = TimeSpan.FromMinutes(2);
        return await client.SendAsync(request, cancellationToken ?? TestContext.Current.CancellationToken);
    }

    public ValueTask DisposeAsync() => app.DisposeAsync();
}

internal static class PositionsAnswer
{
    public static string? Positions(this HttpResponseMessage response) =>
        response.Headers.TryGetValues(PositionsHeader.Name, out var values) ? Assert.Single(values) : null;

    public static Task<string> BodyAsync(this HttpResponseMessage response) =>
        response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
}
