using System.Net.Http.Json;
using KafkaCaching.Tests.AspNetCore.Status;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace KafkaCaching.Tests.Demo;

/// <summary>The demo's page of users, open in a browser.</summary>
[Collection(ChromiumTests.Name)]
public sealed class LivePageTests(Chromium chromium)
{
    [Fact]
    public async Task Users_are_seen_to_change_as_they_are_written()
    {
        await using var demo = await DemoProcess.StartReadyAsync();
        await using var window = await chromium.OpenAsync();
        var page = await window.NewPageAsync();
        var complaints = new List<string>();
        page.PageError += (_, error) => complaints.Add(error);
        await page.GotoAsync(new Uri(demo.Address, "/users/live").ToString());
        await Expect(page.GetByRole(AriaRole.Status)).ToContainTextAsync("users. Changes appear here");
        var before = await page.GetByRole(AriaRole.Status).TextContentAsync();

        var path = $"/users/{Guid.NewGuid()}";
        var ada = new { Email = "ada@example.com", DisplayName = "Ada <b>Lovelace</b>", Groups = Array.Empty<Guid>() };
        Assert.Equal(200, (await demo.SendAsync(HttpMethod.Put, path, JsonContent.Create(ada))).Status);
        await Expect(page.GetByRole(AriaRole.Cell, new PageGetByRoleOptions { Name = "Ada <b>Lovelace</b>" })).ToBeVisibleAsync();
        await Expect(page.GetByRole(AriaRole.Status)).Not.ToHaveTextAsync(before!);

        Assert.Equal(200, (await demo.SendAsync(HttpMethod.Delete, path)).Status);
        await Expect(page.GetByRole(AriaRole.Cell, new PageGetByRoleOptions { Name = "Ada <b>Lovelace</b> has left" })).ToBeVisibleAsync();
        await Expect(page.GetByRole(AriaRole.Status)).ToHaveTextAsync(before!);
        Assert.Empty(complaints);
    }
}
