using System.Net;
using System.Text.Json;
using KafkaCaching.Tests.Brokers;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace KafkaCaching.Tests.AspNetCore.Status.Hybrid;

/// <summary>Who may clear a tag through the page, and from where.</summary>
public sealed class TagClearingTests
{
    private const string Clear = """{"cache":"web","tag":"users"}""";

    [Fact]
    public async Task The_status_has_the_counts_and_the_survey_has_tags_and_keys()
    {
        await using var scene = new HybridScene();
        await using var host = await StartAsync(scene);
        await scene.FillAsync(host);

        using var status = await host.GetAsync("/kafkacache/status");
        var hybrid = (await BodyAsync(status)).GetProperty("caches")[0].GetProperty("hybrid");
        using var survey = await host.PostAsync("survey", """{"cache":"web"}""");
        var counts = (await BodyAsync(survey)).GetProperty("counts");

        Assert.True(hybrid.GetProperty("mayClear").GetBoolean());
        Assert.InRange(hybrid.GetProperty("counts").GetProperty("hits").GetInt64(), 2, long.MaxValue);
        Assert.Equal(3, counts.GetProperty("entries").GetInt64());
        Assert.Equal("users", counts.GetProperty("tags")[0].GetProperty("tag").GetString());
        Assert.Equal("page/1", counts.GetProperty("largest")[0].GetProperty("key").GetString());
        Assert.Equal(4_000, counts.GetProperty("largest")[0].GetProperty("bytes").GetInt64());
    }

    [Fact]
    public async Task Outside_Development_nobody_may_clear_unless_the_application_says_who()
    {
        await using var scene = new HybridScene();
        await using var host = await StatusHost.StartAsync(
            [], "Production", builder => scene.AddTo(builder.Services), static app => app.MapKafkaCacheStatus().AllowAnonymous());
        var other = await scene.FillAsync(host);

        using var refused = await host.PostAsync("clear", Clear);
        using var status = await host.GetAsync("/kafkacache/status");

        Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
        Assert.False((await BodyAsync(status)).GetProperty("caches")[0].GetProperty("hybrid").GetProperty("mayClear").GetBoolean());
        Assert.True(other.Cache.TryGet<string>("user/1", out _));
    }

    [Fact]
    public async Task Who_may_clear_is_asked_of_the_application()
    {
        await using var scene = new HybridScene();
        await using var host = await StatusHost.StartAsync(
            [], "Production",
            builder =>
            {
                scene.AddTo(builder.Services);
                UserHeader.AddTo(builder);
            },
            static app =>
            {
                app.UseAuthentication();
                app.UseAuthorization();
                app.MapKafkaCacheStatus(configure: static page => page.AllowClear = static context => context.User.Identity!.Name == "ada")
                    .RequireAuthorization();
            });
        var other = await scene.FillAsync(host);

        using var stranger = await host.PostAsync("clear", Clear);
        using var grace = await host.PostAsync("clear", Clear, change: static request => request.Headers.Add(UserHeader.Name, "grace"));
        Assert.True(other.Cache.TryGet<string>("user/1", out _));
        using var ada = await host.PostAsync("clear", Clear, change: static request => request.Headers.Add(UserHeader.Name, "ada"));

        Assert.Equal(HttpStatusCode.Unauthorized, stranger.StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, grace.StatusCode);
        Assert.True((await BodyAsync(ada)).GetProperty("isCleared").GetBoolean());
        await Eventually.TrueAsync(() => !other.Cache.TryGet<string>("user/1", out _));
    }

    [Theory]
    [InlineData("cross-site", 403)]
    [InlineData("same-site", 403)]
    [InlineData("same-origin", 200)]
    [InlineData("none", 200)]
    public async Task A_foreign_page_can_not_clear(string site, int status)
    {
        await using var scene = new HybridScene();
        await using var host = await StartAsync(scene);
        await scene.FillAsync(host);

        using var response = await host.PostAsync("clear", Clear, change: request => request.Headers.Add("Sec-Fetch-Site", site));

        Assert.Equal(status, (int)response.StatusCode);
    }

    [Theory]
    [InlineData("clear", "text/plain", Clear, 415)]
    [InlineData("clear", "application/x-www-form-urlencoded", "cache=web&tag=users", 415)]
    [InlineData("clear", "application/json", """{"cache":"web"}""", 400)]
    [InlineData("clear", "application/json", """{"cache":"other","tag":"users"}""", 404)]
    [InlineData("survey", "text/plain", """{"cache":"web"}""", 415)]
    [InlineData("survey", "application/json", "{", 400)]
    [InlineData("survey", "application/json", """{"cache":"other"}""", 404)]
    public async Task What_is_no_such_request_is_refused(string route, string contentType, string body, int status)
    {
        await using var scene = new HybridScene();
        await using var host = await StartAsync(scene);

        using var response = await host.PostAsync(route, body, contentType);

        Assert.Equal(status, (int)response.StatusCode);
    }

    [Fact]
    public async Task What_is_no_tag_is_refused_with_a_reason()
    {
        await using var scene = new HybridScene();
        await using var host = await StartAsync(scene);
        var ready = host.Services.GetService(typeof(KafkaCaching.Hybrid.KafkaHybridCache)) as KafkaCaching.Hybrid.KafkaHybridCache;
        await ready!.Cache.WaitUntilReadyAsync(TestContext.Current.CancellationToken);

        using var bad = await host.PostAsync("clear", """{"cache":"web","tag":""}""");

        var answer = await BodyAsync(bad);
        Assert.False(answer.GetProperty("isCleared").GetBoolean());
        Assert.StartsWith("The tag is null", answer.GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    private static Task<StatusHost> StartAsync(HybridScene scene) =>
        StatusHost.StartAsync([], "Development", builder => scene.AddTo(builder.Services));

    private static async Task<JsonElement> BodyAsync(HttpResponseMessage response)
    {
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return JsonElement.Parse(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }
}
