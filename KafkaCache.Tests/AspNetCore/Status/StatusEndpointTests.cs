using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;
using KafkaCaching.Replay.Errors;
using KafkaCaching.Tests.Hosting;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace KafkaCaching.Tests.AspNetCore.Status;

public sealed partial class StatusEndpointTests
{
    private static readonly string[] Gets = [
        "/kafkacache/", "/kafkacache/app.js", "/kafkacache/app.css", "/kafkacache/theme.js", "/kafkacache/icon.svg", "/kafkacache/status",
    ];

    [Theory]
    [InlineData("/kafkacache/", "text/html; charset=utf-8")]
    [InlineData("/kafkacache/app.js", "text/javascript; charset=utf-8")]
    [InlineData("/kafkacache/app.css", "text/css; charset=utf-8")]
    [InlineData("/kafkacache/icon.svg", "image/svg+xml")]
    [InlineData("/kafkacache/status", "application/json; charset=utf-8")]
    public async Task Every_part_has_its_content_type_and_the_headers_that_keep_it_safe(string path, string contentType)
    {
        await using var host = await StatusHost.StartAsync();

        using var response = await host.GetAsync(path);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(contentType, response.Content.Headers.ContentType?.ToString());
        Assert.Equal(
            "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; base-uri 'none'; "
            + "form-action 'self'; frame-ancestors 'none'",
            Assert.Single(response.Headers.GetValues("Content-Security-Policy")));
        Assert.Equal("nosniff", Assert.Single(response.Headers.GetValues("X-Content-Type-Options")));
        Assert.Equal("no-referrer", Assert.Single(response.Headers.GetValues("Referrer-Policy")));
        Assert.Equal("same-origin", Assert.Single(response.Headers.GetValues("Cross-Origin-Resource-Policy")));
        Assert.Equal(
            path.EndsWith("status", StringComparison.Ordinal) ? "no-store" : "no-cache", response.Headers.CacheControl?.ToString());
    }

    [Fact]
    public async Task Every_file_that_the_page_names_is_there_and_none_lies_elsewhere()
    {
        await using var host = await StatusHost.StartAsync();
        var pending = new Queue<string>([""]);
        var seen = new HashSet<string>();
        while (pending.TryDequeue(out var name))
        {
            if (!seen.Add(name))
                continue;
            using var response = await host.GetAsync($"/kafkacache/{name}");
            Assert.True(response.IsSuccessStatusCode, name);
            var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
            Assert.DoesNotContain("https:", text, StringComparison.Ordinal);
            Assert.DoesNotContain(
                "http:", text.Replace("http://www.w3.org/2000/svg", "", StringComparison.Ordinal), StringComparison.Ordinal);
            Assert.DoesNotContain("HTML", text.Replace("<!doctype html>", "", StringComparison.Ordinal), StringComparison.Ordinal);
            foreach (Match named in Named().Matches(text))
                pending.Enqueue(named.Groups["file"].Value);
        }

        Assert.Superset(new HashSet<string> { "", "app.css", "app.js", "icon.svg", "partitions.js", "theme.js" }, seen);
    }

    [Theory]
    [InlineData("/kafkacache", "./kafkacache/")]
    [InlineData("/kafkacache?a=b", "./kafkacache/?a=b")]
    public async Task Without_its_last_slash_the_page_redirects_relatively_so_that_any_prefix_stays(string path, string location)
    {
        await using var host = await StatusHost.StartAsync();

        using var response = await host.GetAsync(path);

        Assert.Equal(HttpStatusCode.Found, response.StatusCode);
        Assert.Equal(location, response.Headers.Location?.ToString());
    }

    [Theory]
    [InlineData("/ops/caches", "/ops/caches/status")]
    [InlineData("/ops/caches/", "/ops/caches/status")]
    [InlineData("/", "/status")]
    public async Task Pattern_can_be_chosen(string pattern, string status)
    {
        await using var host = await StatusHost.StartAsync([], "Development", map: app => app.MapKafkaCacheStatus(pattern));

        using var response = await host.GetAsync(status);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Theory]
    [InlineData("/base", "./base/")]
    [InlineData("/base/", null)]
    [InlineData("/base?x=1", "./base/?x=1")]
    public async Task At_the_root_of_a_path_base_the_page_is_a_folder_too(string path, string? location)
    {
        await using var host = await StatusHost.StartAsync([], "Development", map: app =>
        {
            app.UsePathBase("/base");
            app.UseRouting();
            app.MapKafkaCacheStatus("/");
        });

        using var response = await host.GetAsync(path);

        Assert.Equal(location is null ? HttpStatusCode.OK : HttpStatusCode.Found, response.StatusCode);
        Assert.Equal(location, response.Headers.Location?.ToString());
    }

    [Fact]
    public async Task Mapped_twice_both_pages_answer()
    {
        await using var host = await StatusHost.StartAsync([], "Development", map: app =>
        {
            app.MapKafkaCacheStatus();
            app.MapKafkaCacheStatus("/{tenant}/caches");
        });

        foreach (var path in new[] { "/kafkacache/status", "/a/caches/", "/b/caches/status" })
        {
            using var response = await host.GetAsync(path);
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        }
    }

    [Fact]
    public async Task Outside_Development_every_route_answers_404_with_nothing_in_it()
    {
        await using var host = await StatusHost.StartAsync([], "Production");

        foreach (var path in Gets)
        {
            using var response = await host.GetAsync(path);
            Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
            Assert.Empty(await response.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken));
            Assert.False(response.Headers.Contains("Content-Security-Policy"));
        }

        using var wrongMethod = await host.Client()
            .DeleteAsync(new Uri("/kafkacache/status", UriKind.Relative), TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.NotFound, wrongMethod.StatusCode);
        using var find = await host.FindAsync("""{"cache":"users","key":"ada"}""");
        Assert.Equal(HttpStatusCode.NotFound, find.StatusCode);
    }

    [Fact]
    public async Task Outside_Development_the_page_is_there_for_everybody_where_the_application_says_so()
    {
        await using var host = await StatusHost.StartAsync([], "Production", map: app => app.MapKafkaCacheStatus().AllowAnonymous());

        foreach (var path in Gets)
        {
            using var response = await host.GetAsync(path);
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Outside_Development_the_page_is_there_behind_the_applications_authorization_its_own_or_a_groups(bool isGroups)
    {
        await using var host = await StatusHost.StartAsync([], "Production", UserHeader.AddTo, app =>
        {
            app.UseAuthentication();
            app.UseAuthorization();
            if (isGroups)
                app.MapGroup("").RequireAuthorization().MapKafkaCacheStatus();
            else
                app.MapKafkaCacheStatus().RequireAuthorization();
        });

        foreach (var path in Gets)
        {
            using var stranger = await host.GetAsync(path);
            Assert.Equal(HttpStatusCode.Unauthorized, stranger.StatusCode);
            using var request = new HttpRequestMessage(HttpMethod.Get, path);
            request.Headers.Add(UserHeader.Name, "ada");
            using var user = await host.Client().SendAsync(request, TestContext.Current.CancellationToken);
            Assert.Equal(HttpStatusCode.OK, user.StatusCode);
        }

        using var find = await host.FindAsync("""{"cache":"users","key":"ada"}""");
        Assert.Equal(HttpStatusCode.Unauthorized, find.StatusCode);
    }

    [Fact]
    public async Task Outside_Development_a_policy_that_nothing_enforces_shows_nothing()
    {
        var policy = new AuthorizationPolicyBuilder().RequireAuthenticatedUser().Build();
        await using var host = await StatusHost.StartAsync([], "Production", map: app => app.MapKafkaCacheStatus().WithMetadata(policy));

        using var response = await host.GetAsync("/kafkacache/status");

        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
    }

    [Fact]
    public async Task Outside_Development_a_policy_object_that_the_application_enforces_is_enough()
    {
        var policy = new AuthorizationPolicyBuilder().RequireAuthenticatedUser().Build();
        await using var host = await StatusHost.StartAsync([], "Production", UserHeader.AddTo, app =>
        {
            app.UseAuthentication();
            app.UseAuthorization();
            app.MapKafkaCacheStatus().RequireAuthorization(policy);
        });

        using var stranger = await host.GetAsync("/kafkacache/status");

        Assert.Equal(HttpStatusCode.Unauthorized, stranger.StatusCode);
    }

    [Fact]
    public async Task A_wrong_method_is_answered_with_the_allowed_methods()
    {
        await using var host = await StatusHost.StartAsync();

        using var post = await host.Client()
            .PostAsync(new Uri("/kafkacache/status", UriKind.Relative), content: null, TestContext.Current.CancellationToken);
        using var get = await host.GetAsync("/kafkacache/find?cache=users&key=ada");

        Assert.Equal(HttpStatusCode.MethodNotAllowed, post.StatusCode);
        Assert.Equal(["GET", "HEAD"], post.Content.Headers.Allow);
        Assert.Equal(HttpStatusCode.MethodNotAllowed, get.StatusCode);
        Assert.Equal(["POST"], get.Content.Headers.Allow);
    }

    [Fact]
    public async Task An_asset_that_the_browser_has_is_not_sent_again()
    {
        await using var host = await StatusHost.StartAsync();
        using var first = await host.GetAsync("/kafkacache/app.css");
        using var request = new HttpRequestMessage(HttpMethod.Get, "/kafkacache/app.css");
        request.Headers.IfNoneMatch.Add(first.Headers.ETag!);

        using var second = await host.Client().SendAsync(request, TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.NotModified, second.StatusCode);
        Assert.Empty(await second.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Status_shows_every_cache_in_numbers_and_positions()
    {
        var seen = DateTimeOffset.UnixEpoch;
        var status = Statuses.Ready(partitions: 2, lag: 40) with
        {
            RecordErrors = 1,
            RecentRecordErrors = [new RecordErrorSighting(1, 42, RecordErrorReason.UndecodableValue, seen)],
        };
        await using var host = await StatusHost.StartAsync(
            new FakeCache("users", status) { Topic = "users-v2", IsReadOnly = false }, new FakeCache("sessions", Statuses.Empty()));

        var caches = (await StatusAsync(host)).GetProperty("caches");

        Assert.Equal(2, caches.GetArrayLength());
        var users = caches[0];
        Assert.Equal("users", users.GetProperty("name").GetString());
        Assert.Equal("users-v2", users.GetProperty("topic").GetString());
        Assert.False(users.GetProperty("isReadOnly").GetBoolean());
        Assert.Equal("Ready", users.GetProperty("phase").GetString());
        Assert.Equal(3.2, users.GetProperty("secondsToReady").GetDouble());
        Assert.Equal(40, users.GetProperty("partitions")[0].GetProperty("lag").GetInt64());
        Assert.Equal(0.1, users.GetProperty("partitions")[0].GetProperty("lagSeconds").GetDouble());
        Assert.Equal(
            """{"partition":1,"offset":42,"reason":"UndecodableValue","seenAt":"1970-01-01T00:00:00+00:00"}""",
            users.GetProperty("recentRecordErrors")[0].GetRawText());
        Assert.Equal(JsonValueKind.Null, caches[1].GetProperty("secondsToReady").ValueKind);
        Assert.Equal(0, caches[1].GetProperty("partitions").GetArrayLength());
    }

    [Fact]
    public async Task A_fault_of_user_code_is_named_but_not_quoted_since_it_may_quote_a_record()
    {
        const string secret = "ada@example.com";
        await using var host = await StatusHost.StartAsync(
            new FakeCache("a", Statuses.Faulted(new InvalidOperationException(secret))),
            new FakeCache("b", Statuses.Faulted(new RecordErrorException(secret, 0, 1, RecordErrorReason.ResolverThrew))),
            new FakeCache(
                "c",
                Statuses.Faulted(
                    new RecordErrorException(
                        "The record at partition 0, offset 1 can't be used.", 0, 1, RecordErrorReason.ResolverThrew) { IsOwn = true })));

        var answer = await StatusAsync(host);

        Assert.DoesNotContain(secret, answer.GetRawText(), StringComparison.Ordinal);
        Assert.Contains(
            "System.InvalidOperationException", answer.GetProperty("caches")[0].GetProperty("fault").GetString(), StringComparison.Ordinal);
        Assert.Equal(
            "The record at partition 0, offset 1 can't be used.", answer.GetProperty("caches")[2].GetProperty("fault").GetString());
    }

    [Fact]
    public async Task A_hostile_name_is_escaped()
    {
        const string hostile = "</script><img src=x onerror=alert(1)>\"'\u2028";
        await using var host = await StatusHost.StartAsync(new FakeCache(hostile, Statuses.Ready()));

        var answer = await StatusAsync(host);

        Assert.DoesNotContain("<", answer.GetRawText(), StringComparison.Ordinal);
        Assert.Equal(hostile, answer.GetProperty("caches")[0].GetProperty("name").GetString());
    }

    private static async Task<JsonElement> StatusAsync(StatusHost host) =>
        JsonElement.Parse(
            await host.Client().GetStringAsync(new Uri("/kafkacache/status", UriKind.Relative), TestContext.Current.CancellationToken));

    [GeneratedRegex("""(from '\./|src="|href=")(?<file>[a-z]+\.[a-z]+)""", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 5000)]
    private static partial Regex Named();
}
