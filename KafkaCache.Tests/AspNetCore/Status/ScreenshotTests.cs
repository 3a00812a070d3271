using Microsoft.Playwright;

namespace KafkaCaching.Tests.AspNetCore.Status;

/// <summary>Saves screenshots for visual inspection to the folder <c>screenshots</c> of the output, and checks that no content exceeds the
/// width of the page.</summary>
[Collection(ChromiumTests.Name)]
[Trait("Category", "Long")]
public sealed class ScreenshotTests(Chromium chromium)
{
    private const int Phone = 360;

    [Theory]
    [InlineData("empty")]
    [InlineData("one")]
    [InlineData("service")]
    [InlineData("ten")]
    [InlineData("hundred-partitions")]
    [InlineData("watched")]
    [InlineData("replaying")]
    [InlineData("stale")]
    [InlineData("faulted")]
    [InlineData("starting")]
    [InlineData("odd")]
    public async Task Page_fits_a_desk_and_a_phone_in_both_themes(string scene)
    {
        await using var host = await StatusHost.ListenAsync(Scenes.Of(scene));
        // Layout and theme are independent, so two pages cover both widths and both themes.
        foreach (var (width, theme) in ((int, ColorScheme)[])[(1200, ColorScheme.Light), (Phone, ColorScheme.Dark)])
        {
            await using var page = await StatusPage.OpenAsync(chromium, host, width, theme: theme);
            await page.PollAsync();

            await page.ScreenshotAsync($"{scene}-{width}-{theme}".ToLowerInvariant());

            Assert.Equal(width, await page.View.EvaluateAsync<int>("document.documentElement.scrollWidth"));
            Assert.Empty(page.Complaints);
        }
    }

    [Theory]
    [InlineData(1120, ColorScheme.Light)]
    [InlineData(1120, ColorScheme.Dark)]
    [InlineData(Phone, ColorScheme.Light)]
    public async Task Page_shows_what_happened_since_it_was_opened(int width, ColorScheme theme)
    {
        var life = new ServiceLife();
        await using var host = await StatusHost.ListenAsync(life.Caches);
        await using var page = await StatusPage.OpenAsync(chromium, host, width, height: 1110, theme: theme);
        for (var second = 0; second < ServiceLife.Seconds; second += 2)
        {
            life.Advance(second);
            await page.PollAsync(seconds: 2);
        }

        await page.View.GetByText("Partitions, look-up, record errors").First.ClickAsync();
        await page.View.GetByLabel("Key").First.FillAsync(ServiceLife.Key);
        await page.View.GetByLabel("Key").First.PressAsync("Enter");
        await Assertions.Expect(page.View.GetByRole(AriaRole.Region, new PageGetByRoleOptions { Name = "Value" })).ToBeVisibleAsync();
        await page.View.EvaluateAsync("document.activeElement.blur()");
        await page.View.Mouse.MoveAsync(0, 0);
        await page.ScreenshotAsync($"life-{width}-{theme}".ToLowerInvariant(), isFullPage: width == Phone);

        foreach (
            var line in await page.View.Locator("tbody .spark .line")
                .EvaluateAllAsync<string[]>("all => all.map(line => line.getAttribute('d'))"))
            Assert.True(line.Count(c => c == 'L') > 60, line);
    }
}
