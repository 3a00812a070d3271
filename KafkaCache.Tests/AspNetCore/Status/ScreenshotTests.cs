using KafkaCaching.Hosting;
using Microsoft.Playwright;

namespace KafkaCaching.Tests.AspNetCore.Status;

/// <summary>Pictures for people to look at, in the folder <c>screenshots</c> of the test's output; and that nothing in them runs over the edge.</summary>
[Collection(ChromiumTests.Name)]
public sealed class ScreenshotTests(Chromium chromium)
{
    private const int Phone = 360;

    [Theory]
    [InlineData("empty")]
    [InlineData("one")]
    [InlineData("service")]
    [InlineData("ten")]
    [InlineData("hundred-partitions")]
    [InlineData("replaying")]
    [InlineData("stale")]
    [InlineData("faulted")]
    [InlineData("starting")]
    [InlineData("odd")]
    public async Task Page_fits_a_desk_and_a_phone_in_both_themes(string scene)
    {
        await using var host = await StatusHost.ListenAsync(Scenes.Of(scene));
        foreach (var (width, theme) in ((int, ColorScheme)[])[(1200, ColorScheme.Light), (1200, ColorScheme.Dark), (Phone, ColorScheme.Light), (Phone, ColorScheme.Dark)])
        {
            await using var page = await StatusPage.OpenAsync(chromium, host, width, theme: theme);
            await page.PollAsync();

            await page.ScreenshotAsync($"{scene}-{width}-{theme}".ToLowerInvariant());

            Assert.Equal(width, await page.View.EvaluateAsync<int>("document.documentElement.scrollWidth"));
            Assert.Empty(page.Complaints);
        }
    }
}
