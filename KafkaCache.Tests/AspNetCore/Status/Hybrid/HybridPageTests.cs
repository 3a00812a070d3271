using KafkaCaching.Hybrid;
using KafkaCaching.Tests.Brokers;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace KafkaCaching.Tests.AspNetCore.Status.Hybrid;

/// <summary>The hybrid part of the page, in a browser.</summary>
[Collection(ChromiumTests.Name)]
public sealed class HybridPageTests(Chromium chromium)
{
    [Fact]
    public async Task A_tag_that_is_cleared_on_the_page_is_gone_in_the_other_pod()
    {
        await using var scene = new HybridScene();
        await using var host = await StatusHost.ListenAsync(scene.AddTo);
        var other = await scene.FillAsync(host);
        await using var page = await StatusPage.OpenAsync(chromium, host);
        var card = page.Card("web");
        await card.GetByRole(AriaRole.Button, new LocatorGetByRoleOptions { Name = "Count tags and entries" }).ClickAsync();
        var tags = card.GetByRole(AriaRole.List, new LocatorGetByRoleOptions { Name = "Tags" });
        await Expect(tags.GetByRole(AriaRole.Listitem)).ToHaveCountAsync(2);
        await Expect(tags.GetByRole(AriaRole.Listitem).First).ToContainTextAsync("users2 entries");
        var largest = card.GetByRole(AriaRole.List, new LocatorGetByRoleOptions { Name = "Largest entries" });
        await Expect(largest.GetByRole(AriaRole.Listitem).First).ToContainTextAsync("page/1");
        await page.ScreenshotAsync("hybrid");

        await tags.GetByRole(AriaRole.Button, new LocatorGetByRoleOptions { Name = "users" }).ClickAsync();
        await card.GetByRole(AriaRole.Button, new LocatorGetByRoleOptions { Name = "Clear tag" }).ClickAsync();

        await Expect(card.GetByText("The tag users is cleared.")).ToBeVisibleAsync();
        await Expect(tags).ToBeHiddenAsync();
        await Eventually.TrueAsync(() => !other.Cache.TryGet<string>("user/1", out _) && !other.Cache.TryGet<string>("user/2", out _));
        Assert.True(other.Cache.TryGet<string>("page/1", out _));
        Assert.Empty(page.Complaints);
    }

    [Fact]
    public async Task The_queries_whose_misses_have_cost_the_most_come_first()
    {
        await using var scene = new HybridScene();
        await using var host = await StatusHost.ListenAsync(services =>
        {
            scene.AddTo(services);
            services.AddKeyedSingleton<IQueryStatistics>("web", new FewQueries());
        });
        await scene.FillAsync(host);
        await using var page = await StatusPage.OpenAsync(chromium, host);
        var costliest = page.Card("web").GetByRole(AriaRole.List, new LocatorGetByRoleOptions { Name = "Costliest misses" })
            .GetByRole(AriaRole.Listitem);

        await Expect(costliest).ToHaveTextAsync([
            "orders-of-user3 misses, 4.5 s in the database · hit rate 75 %, 13 s saved",
            "find User1 miss, 20 ms in the database · hit rate 0 %, 0 ms saved",
        ]);
        Assert.Empty(page.Complaints);
    }

    [Fact]
    public async Task The_hit_rate_and_the_requests_are_shown_and_what_is_no_tag_is_refused_with_a_reason()
    {
        await using var scene = new HybridScene();
        await using var host = await StatusHost.ListenAsync(scene.AddTo);
        await scene.FillAsync(host);
        await using var page = await StatusPage.OpenAsync(chromium, host, width: 360);
        var card = page.Card("web");

        await Expect(card.GetByText("Hit rate", new LocatorGetByTextOptions { Exact = true })).ToBeVisibleAsync();
        await Expect(card.GetByText("coalesced")).ToBeVisibleAsync();
        await card.GetByLabel("Clear a tag").FillAsync("  ");
        await card.GetByLabel("Clear a tag").PressAsync("Enter");

        await Expect(card.GetByText("The tag is null, empty or white space.")).ToBeVisibleAsync();
        Assert.Equal(360, await page.View.EvaluateAsync<int>("document.documentElement.scrollWidth"));
        Assert.Empty(page.Complaints);
    }

    private sealed class FewQueries : IQueryStatistics
    {
        public IReadOnlyList<QueryStatistics> Queries { get; } = [
            new("find User") { Misses = 1, DatabaseTime = TimeSpan.FromMilliseconds(20) },
            new("orders-of-user")
            {
                Misses = 3, Hits = 9, DatabaseTime = TimeSpan.FromSeconds(4.5), SavedTime = TimeSpan.FromSeconds(13),
            },
        ];
    }
}
