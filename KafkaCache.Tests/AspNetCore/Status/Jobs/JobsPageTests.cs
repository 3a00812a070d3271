using KafkaCaching.Jobs;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace KafkaCaching.Tests.AspNetCore.Status.Jobs;

/// <summary>Refreshed caches, jobs and their leaders on the page, in a browser.</summary>
[Collection(ChromiumTests.Name)]
public sealed class JobsPageTests(Chromium chromium)
{
    [Fact]
    public async Task A_refreshed_cache_shows_its_version_its_changes_and_why_the_last_refresh_has_failed()
    {
        var scene = new JobsScene();
        await using var host = await StatusHost.ListenAsync(scene.AddTo);
        await using var page = await StatusPage.OpenAsync(chromium, host);
        var card = page.Card("prices");

        await Expect(card.GetByText("Version 12, 3,000 rows, fetched 90 s ago by shop-1.")).ToBeVisibleAsync();
        await Expect(card.GetByText("4 added · 31 changed · 2 gone")).ToBeVisibleAsync();
        await Expect(card.GetByText("Another instance refreshes it.")).ToBeVisibleAsync();
        scene.Status = scene.Status with
        {
            IsLeader = true,
            NextRefresh = host.Time.GetUtcNow() + TimeSpan.FromMinutes(4),
            LastFailure = "The fetch returned <null>.",
            LastFailureAt = host.Time.GetUtcNow(),
            IsTooOld = true,
        };
        await page.PollAsync();
        await Expect(card.GetByText("Next refresh in 4 min, by this instance.")).ToBeVisibleAsync();
        await Expect(card.GetByText("The version is too old. The last refresh failed 1.0 s ago: The fetch returned <null>."))
            .ToBeVisibleAsync();
        scene.Status = scene.Status with { FetchedRows = 1_000, ExpectedRows = 4_000 };
        await page.PollAsync();
        await Expect(card.GetByText("Fetching: 1,000 rows of 4,000.")).ToBeVisibleAsync();
        await Expect(card.GetByRole(AriaRole.Progressbar, new LocatorGetByRoleOptions { Name = "Fetch of prices" }))
            .ToHaveAttributeAsync("aria-valuenow", "25");
        Assert.Empty(page.Complaints);
    }

    [Fact]
    public async Task Who_leads_is_shown_with_instance_time_and_term()
    {
        var scene = new JobsScene();
        await using var host = await StatusHost.ListenAsync(scene.AddTo);
        await using var page = await StatusPage.OpenAsync(chromium, host);
        var rows = page.View.GetByRole(AriaRole.List, new PageGetByRoleOptions { Name = "Who leads" }).GetByRole(AriaRole.Listitem);

        await Expect(rows).ToHaveCountAsync(2);
        await Expect(rows.First).ToContainTextAsync("pricesrefreshed cacheled by shop-1-77, for 30 min, term 4,711");
        await Expect(rows.Last).ToContainTextAsync("import-ordersjobled by shop-2-78 (this instance), for 3 min, term 815");
        scene.Jobs = [scene.Jobs[0] with { Problem = "The brokers do not answer." }];
        await page.PollAsync();
        await Expect(rows.Last).ToContainTextAsync("The brokers do not answer.");
        await Expect(page.View.GetByText("a job of another service")).ToBeVisibleAsync();
    }

    [Theory]
    [InlineData(1200)]
    [InlineData(360)]
    public async Task A_job_shows_its_last_runs_and_when_asked_the_keys_of_its_state_and_its_log(int width)
    {
        var scene = new JobsScene();
        await using var host = await StatusHost.ListenAsync(scene.AddTo);
        await using var page = await StatusPage.OpenAsync(chromium, host, width: width);
        var job = page.View.GetByRole(AriaRole.Article, new PageGetByRoleOptions { Name = "import-orders", Exact = true });

        await Expect(job.GetByText("*/5 * * * * · next in 119 s")).ToBeVisibleAsync();
        var runs = job.GetByRole(AriaRole.List, new LocatorGetByRoleOptions { Name = "Last runs of import-orders" });
        await Expect(runs.GetByRole(AriaRole.Listitem)).ToHaveCountAsync(3);
        await Expect(runs.GetByRole(AriaRole.Listitem).Last).ToContainTextAsync("Replaced");
        await Expect(runs).ToContainTextAsync("Failed after 10 s");
        await Expect(runs).ToContainTextAsync("on shop-2: The shop answered 503.");
        await Expect(job.GetByText("overdue")).ToBeHiddenAsync();

        await job.GetByRole(AriaRole.Button, new LocatorGetByRoleOptions { Name = "Show state keys and log" }).ClickAsync();
        var keys = job.GetByRole(AriaRole.List, new LocatorGetByRoleOptions { Name = "State keys" });
        await Expect(keys.GetByRole(AriaRole.Listitem)).ToHaveCountAsync(50);
        await Expect(job.GetByText("The first 50. There are more.")).ToBeVisibleAsync();
        var log = job.GetByRole(AriaRole.List, new LocatorGetByRoleOptions { Name = "Log" });
        await Expect(log).ToContainTextAsync("<b>page 7</b> is late");
        scene.Jobs = [scene.Jobs[0] with { Overdue = TimeSpan.FromMinutes(9) }];
        await page.PollAsync();
        await Expect(job.GetByText("9 min overdue")).ToBeVisibleAsync();
        await page.ScreenshotAsync($"jobs-{width}");

        Assert.Equal(width, await page.View.EvaluateAsync<int>("document.documentElement.scrollWidth"));
        Assert.DoesNotContain("a secret", await page.View.ContentAsync(), StringComparison.Ordinal);
        Assert.Empty(page.Complaints);
    }

    [Fact]
    public async Task A_service_without_any_shows_nothing_of_them()
    {
        await using var host = await StatusHost.ListenAsync(Scenes.Of("one"));
        await using var page = await StatusPage.OpenAsync(chromium, host);

        await Expect(page.View.GetByText("Who leads")).ToBeHiddenAsync();
        await Expect(page.View.GetByRole(AriaRole.Heading, new PageGetByRoleOptions { Name = "Jobs" })).ToBeHiddenAsync();
        await Expect(page.Card("users").GetByText("Refreshed cache")).ToHaveCountAsync(0);
    }
}
