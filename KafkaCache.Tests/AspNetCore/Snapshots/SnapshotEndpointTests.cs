using System.Net;
using KafkaCaching.Tests.AspNetCore.Watch;
using KafkaCaching.Tests.Hosting;
using KafkaCaching.Tests.Store;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace KafkaCaching.Tests.AspNetCore.Snapshots;

/// <summary>The endpoint that sends snapshots, as HTTP clients see it.</summary>
public sealed class SnapshotEndpointTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Theory]
    [InlineData("users", "users")]
    [InlineData("eu/users", "eu/users")]
    [InlineData("eu/users", "eu%2Fusers")]
    [InlineData("eu/users", "eu%2fusers")]
    [InlineData("eu%2Fusers", "eu%252Fusers")]
    [InlineData("Größe \"50 %\"", "Gr%C3%B6%C3%9Fe%20%2250%20%25%22")]
    public async Task A_cache_of_any_name_has_an_address(string name, string address)
    {
        var path = Path.Combine(_directory.Path, "snapshot");
        await File.WriteAllTextAsync(path, "content", TestContext.Current.CancellationToken);
        var status = FakeCache.StatusOf(CachePhase.Ready) with { Snapshot = new SnapshotStatus { Path = path } };
        await using var host = await WatchHost.StartAsync(
            services => services.AddSingleton<IKafkaCache>(new FakeCache(name, status)),
            static app => app.MapKafkaCacheSnapshot().AllowAnonymous(), listens: true);

        using var answer = await host.GetAsync($"/kafkacache/snapshot/{address}");

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal("content", await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        using var unknown = await host.GetAsync($"/kafkacache/snapshot/{address}/x");
        Assert.Equal(HttpStatusCode.NotFound, unknown.StatusCode);
    }
}
