using KafkaCaching.Testing;
using KafkaCaching.Tests.AspNetCore.Status;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace KafkaCaching.Tests.AspNetCore.Samples;

/// <summary>ASP.NET Core's session and output cache in two instances, used by a browser. Cookies ignore the port, so the browser has the
/// same session in both.</summary>
[Collection(ChromiumTests.Name)]
public sealed class SampleSiteTests(Chromium chromium)
{
    private readonly InMemoryTopic _topic = new(name: "web");
    private readonly EphemeralDataProtectionProvider _keys = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_session_begun_at_one_instance_continues_at_the_other_and_ends_for_both()
    {
        await using var one = await SampleSite.StartAsync(_topic, _keys, "one");
        await using var two = await SampleSite.StartAsync(_topic, _keys, "two");
        await using var window = await chromium.OpenAsync();
        var page = await window.NewPageAsync();

        await page.GotoAsync(one.Address.ToString());
        await Expect(page.GetByText("one greets a stranger")).ToBeVisibleAsync();
        await page.GetByLabel("Name").FillAsync("Ada <b>");
        await page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Save" }).ClickAsync();
        await Expect(page.GetByText("one greets Ada <b>")).ToBeVisibleAsync();
        await _topic.SettleAsync(Token);

        await page.GotoAsync(two.Address.ToString());
        await Expect(page.GetByText("two greets Ada <b>")).ToBeVisibleAsync();
        await page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Leave" }).ClickAsync();
        await Expect(page.GetByText("two greets a stranger")).ToBeVisibleAsync();
        await _topic.SettleAsync(Token);

        await page.GotoAsync(one.Address.ToString());
        await Expect(page.GetByText("one greets a stranger")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task A_page_made_by_one_instance_is_served_by_the_other_until_either_evicts_its_tag()
    {
        await using var one = await SampleSite.StartAsync(_topic, _keys, "one");
        await using var two = await SampleSite.StartAsync(_topic, _keys, "two");
        await using var window = await chromium.OpenAsync();
        var page = await window.NewPageAsync();

        await page.GotoAsync(new Uri(one.Address, "/page").ToString());
        await Expect(page.GetByText("made by one, run 1")).ToBeVisibleAsync();
        await page.ReloadAsync();
        await Expect(page.GetByText("made by one, run 1")).ToBeVisibleAsync();
        await _topic.SettleAsync(Token);

        await page.GotoAsync(new Uri(two.Address, "/page").ToString());
        await Expect(page.GetByText("made by one, run 1")).ToBeVisibleAsync();
        await page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Evict" }).ClickAsync();
        await Expect(page.GetByText("made by two, run 1")).ToBeVisibleAsync();
        await _topic.SettleAsync(Token);

        await page.GotoAsync(new Uri(one.Address, "/page").ToString());
        await Expect(page.GetByText("made by two, run 1")).ToBeVisibleAsync();
    }
}
