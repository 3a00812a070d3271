using System.Net;
using System.Text.Json;
using KafkaCaching.Tests.Leadership;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace KafkaCaching.Tests.AspNetCore.Status.Jobs;

/// <summary>The part of the page's status response about refreshed caches, jobs and leaders.</summary>
public sealed class JobsStatusTests
{
    [Fact]
    public async Task Jobs_of_this_service_and_of_others_that_share_the_topic_are_listed()
    {
        await using var host = await StartAsync(new JobsScene());

        var jobs = (await BodyAsync(await host.GetAsync("/kafkacache/status"))).GetProperty("jobs");

        Assert.Equal(
            ["import-orders", "of-another-service"], jobs.EnumerateArray().Select(static job => job.GetProperty("name").GetString()));
        Assert.Equal("Failed", jobs[0].GetProperty("runs")[0].GetProperty("outcome").GetString());
        Assert.Equal(JsonValueKind.Null, jobs[1].GetProperty("cron").ValueKind);
    }

    [Fact]
    public async Task Topics_that_are_not_read_yet_leave_the_runs_out_and_the_detail_says_why()
    {
        await using var host = await StartAsync(new JobsScene { IsReady = false });

        var job = (await BodyAsync(await host.GetAsync("/kafkacache/status"))).GetProperty("jobs")[0];
        var detail = await BodyAsync(await host.PostAsync("job", """{"job":"import-orders"}"""));

        Assert.Equal(0, job.GetProperty("runs").GetArrayLength());
        Assert.Contains("jobs", detail.GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_leadership_that_the_application_has_registered_is_listed()
    {
        await using var candidates = new Candidates("localhost:1");
        var leadership = candidates.Join("totals");
        await using var host = await StatusHost.StartAsync([], "Development", builder => builder.Services.AddSingleton(leadership));

        var led = (await BodyAsync(await host.GetAsync("/kafkacache/status"))).GetProperty("leaderships")[0];

        Assert.Equal(("Leadership", "totals"), (led.GetProperty("kind").GetString(), led.GetProperty("name").GetString()));
        Assert.False(led.GetProperty("isHere").GetBoolean());
    }

    [Fact]
    public async Task The_values_of_a_state_are_not_shown()
    {
        await using var host = await StartAsync(new JobsScene());

        using var response = await host.PostAsync("job", """{"job":"import-orders"}""");
        var body = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);

        Assert.Contains("key-00", body, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", body, StringComparison.Ordinal);
        Assert.DoesNotContain("stack", body, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("text/plain", """{"job":"import-orders"}""", 415)]
    [InlineData("application/json", "{}", 400)]
    [InlineData("application/json", """{"job":""}""", 404)]
    public async Task What_is_no_such_request_is_refused(string contentType, string body, int status)
    {
        await using var host = await StartAsync(new JobsScene());

        using var response = await host.PostAsync("job", body, contentType);

        Assert.Equal(status, (int)response.StatusCode);
    }

    [Fact]
    public async Task Without_jobs_there_is_no_detail_and_outside_of_Development_there_is_none_for_anybody()
    {
        await using var none = await StatusHost.StartAsync();
        await using var hidden = await StatusHost.StartAsync(
            [], "Production", builder => new JobsScene().AddTo(builder.Services), static app => app.MapKafkaCacheStatus());

        using var absent = await none.PostAsync("job", """{"job":"import-orders"}""");
        using var refused = await hidden.PostAsync("job", """{"job":"import-orders"}""");

        Assert.Equal(HttpStatusCode.NotFound, absent.StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, refused.StatusCode);
    }

    private static Task<StatusHost> StartAsync(JobsScene scene) =>
        StatusHost.StartAsync([], "Development", builder => scene.AddTo(builder.Services));

    private static async Task<JsonElement> BodyAsync(HttpResponseMessage response)
    {
        using (response)
        {
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            return JsonElement.Parse(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        }
    }
}
