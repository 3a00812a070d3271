using KafkaCaching.Hybrid;
using KafkaCaching.Testing;
using KafkaCaching.Tests.Diagnostics;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace KafkaCaching.Tests.AspNetCore;

/// <summary>A web application with a hybrid cache over an in-memory topic. Several of them simulate the pods of a service.</summary>
internal sealed class HybridApp(WebApplication app, ListLogger logger) : IAsyncDisposable
{
    public KafkaHybridCache Cache => app.Services.GetRequiredService<KafkaHybridCache>();

    public ListLogger Logger => logger;

    public HttpClient Client() => app.GetTestClient();

    public static async Task<HybridApp> StartAsync(
        InMemoryTopic topic, TimeProvider clock, Action<WebApplication> map, Action<IServiceCollection>? add = null)
    {
        var logs = new ListLoggerFactory();
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseTestServer();
        builder.Services.AddSingleton<ILoggerFactory>(logs);
        builder.Services.AddSingleton(clock);
        builder.Services.AddKafkaHybridCache("web", options =>
        {
            options.Log = topic;
            options.Topic = "web";
            options.Store.MemoryBudget = 64L << 20;
        });
        add?.Invoke(builder.Services);
        var app = builder.Build();
        map(app);
        await app.StartAsync(TestContext.Current.CancellationToken);
        await app.Services.GetRequiredService<KafkaHybridCache>().Cache.WaitUntilReadyAsync(TestContext.Current.CancellationToken);
        return new HybridApp(app, logs.Logger);
    }

    public async Task<HybridAnswer> GetAsync(string path, string? cacheControl = null, HttpMethod? method = null)
    {
        using var request = new HttpRequestMessage(method ?? HttpMethod.Get, path);
        if (cacheControl is not null)
            Assert.True(request.Headers.TryAddWithoutValidation("Cache-Control", cacheControl));
        using var client = app.GetTestClient();
        using var response = await client.SendAsync(request, TestContext.Current.CancellationToken);
        return new HybridAnswer(
            (int)response.StatusCode,
            await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken),
            response.Headers.TryGetValues("Cache-Status", out var status) ? string.Join(", ", status) : null,
            response.Headers.TryGetValues("Age", out var age) ? Assert.Single(age) : null);
    }

    public ValueTask DisposeAsync() => app.DisposeAsync();
}

internal sealed record HybridAnswer(int Status, string Body, string? CacheStatus, string? Age);
