using System.Text.Json;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace KafkaCaching.Tests.AspNetCore.Status;

/// <summary>The requirements of WCAG 2.2, level AA, that a browser can check: contrast, names, roles, order, motion, and layout on a
/// phone.</summary>
[Collection(ChromiumTests.Name)]
public sealed class AccessibilityTests(Chromium chromium)
{
    // Computes the contrast of every visible text with its background, from their relative luminance. Large text needs less contrast.
    private const string Contrasts = """
        () => {
          const canvas = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
          const rgba = color => {
            canvas.clearRect(0, 0, 1, 1);
            canvas.fillStyle = color;
            canvas.fillRect(0, 0, 1, 1);
            return [...canvas.getImageData(0, 0, 1, 1).data];
          };
          const over = ([r, g, b, a], [r0, g0, b0]) => [r, g, b].map((c, i) => (c * a + [r0, g0, b0][i] * (255 - a)) / 255);
          const ground = node => node === null
            ? [255, 255, 255]
            : over(rgba(getComputedStyle(node).backgroundColor), ground(node.parentElement));
          const luminance = color => color.map(c => c / 255).map(c => c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4)
            .reduce((sum, c, i) => sum + c * [0.2126, 0.7152, 0.0722][i], 0);
          const ratio = (one, other) => {
            const [dark, light] = [luminance(one), luminance(other)].sort((a, b) => a - b);
            return (light + 0.05) / (dark + 0.05);
          };
          const results = [];
          const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
          while (walk.nextNode()) {
            const node = walk.currentNode.parentElement;
            if (!walk.currentNode.data.trim() || node.closest('noscript')
                || !node.checkVisibility({ visibilityProperty: true, opacityProperty: true }))
              continue;
            const style = getComputedStyle(node);
            const size = parseFloat(style.fontSize);
            const below = ground(node);
            const isLarge = size >= 24 || (size >= 18.66 && style.fontWeight >= 700);
            results.push({
              text: walk.currentNode.data.trim().slice(0, 40), ratio: ratio(over(rgba(style.color), below), below),
              least: isLarge ? 3 : 4.5,
            });
          }
          for (const input of document.querySelectorAll('input'))
            if (input.checkVisibility())
              results.push({
                text: 'edge of an input', least: 3,
                ratio: ratio(rgba(getComputedStyle(input).borderColor).slice(0, 3), ground(input.parentElement)),
              });
          return JSON.stringify(results);
        }
        """;

    // Finds elements that extend beyond their box, so that they overlap others or are cut off.
    private const string Overflows = """
        () => [...document.querySelectorAll('body *')]
          .filter(node => node.checkVisibility() && !node.closest('svg, thead, pre, .skip'))
          .filter(node => {
            if (node.clientWidth > 0 && node.scrollWidth > node.clientWidth + 1 && getComputedStyle(node).overflowX === 'visible')
              return true;
            const box = node.parentElement.closest('dl > div, td, .card, .bar, main');
            if (!box)
              return false;
            const end = box.getBoundingClientRect().right - parseFloat(getComputedStyle(box).paddingRight);
            return node.getBoundingClientRect().right > end + 0.5;
          })
          .map(node => `${node.tagName} ${node.className} ${node.textContent.slice(0, 30)}`)
        """;

    private const string Unnamed = """
        () => [
          ...[...document.querySelectorAll('input, select, textarea')].filter(node => node.labels.length === 0 && !node.ariaLabel),
          ...[...document.querySelectorAll('button, a, summary')].filter(node => !node.textContent.trim() && !node.ariaLabel),
          ...[...document.querySelectorAll('img:not([alt])')],
          ...[...document.querySelectorAll('svg:not([aria-hidden="true"])')]
            .filter(node => node.getAttribute('role') !== 'img' || !node.ariaLabel),
          ...[...document.querySelectorAll('[role=progressbar], [role=meter], [role=region], [role=table]')]
            .filter(node => !node.ariaLabel),
          ...[...document.querySelectorAll('[aria-labelledby], [aria-describedby], label[for]')]
            .filter(node => !document.getElementById(
              node.getAttribute('aria-labelledby') ?? node.getAttribute('aria-describedby') ?? node.htmlFor)),
        ].map(node => node.outerHTML.slice(0, 120))
        """;

    [Theory]
    [InlineData("service")]
    [InlineData("stale")]
    [InlineData("faulted")]
    [InlineData("odd")]
    [InlineData("empty")]
    public async Task Every_text_has_the_contrast_of_AA_in_both_themes(string scene)
    {
        await using var host = await StatusHost.ListenAsync(Scenes.Of(scene));
        foreach (var theme in (ColorScheme[])[ColorScheme.Light, ColorScheme.Dark])
        {
            await using var page = await StatusPage.OpenAsync(chromium, host, theme: theme);
            await OpenAllAsync(page);
            if (scene is "service")
                await LookUpAsync(page, "not a key");

            var contrasts = JsonElement.Parse(await page.View.EvaluateAsync<string>(Contrasts)).EnumerateArray().ToList();

            Assert.True(contrasts.Count > (scene is "empty" ? 6 : 50), $"{contrasts.Count} texts were found");
            Assert.All(
                contrasts,
                contrast =>
                    Assert.True(
                        contrast.GetProperty("ratio").GetDouble() >= contrast.GetProperty("least").GetDouble(), $"{theme}: {contrast}"));
        }
    }

    [Fact]
    public async Task A_lost_connection_can_be_read_too()
    {
        await using var host = await StatusHost.ListenAsync(Scenes.Of("service"));
        await using var page = await StatusPage.OpenAsync(chromium, host, theme: ColorScheme.Dark);
        await page.View.RouteAsync("**/status", static route => route.AbortAsync());
        await page.View.Clock.RunForAsync(2_000);
        await Expect(page.View.GetByRole(AriaRole.Alert)).ToBeVisibleAsync();

        var contrasts = JsonElement.Parse(await page.View.EvaluateAsync<string>(Contrasts)).EnumerateArray();

        Assert.All(
            contrasts,
            contrast =>
                Assert.True(contrast.GetProperty("ratio").GetDouble() >= contrast.GetProperty("least").GetDouble(), contrast.ToString()));
    }

    [Fact]
    public async Task Everything_has_a_name_and_the_headings_go_down_by_one()
    {
        await using var host = await StatusHost.ListenAsync(Scenes.Of("service"));
        await using var page = await StatusPage.OpenAsync(chromium, host);
        await OpenAllAsync(page);
        await LookUpAsync(page, "083432fb-70f6-42e5-a179-256615750688");

        Assert.Empty(await page.View.EvaluateAsync<string[]>(Unnamed));
        var levels = await page.View.Locator("h1, h2, h3, h4, h5, h6")
            .EvaluateAllAsync<int[]>("all => all.map(heading => +heading.tagName[1])");
        Assert.Equal(1, levels[0]);
        Assert.Equal(1, levels.Count(level => level == 1));
        Assert.All(levels.Zip(levels.Skip(1)), pair => Assert.True(pair.Second <= pair.First + 1));
        Assert.Equal("en", await page.View.Locator("html").GetAttributeAsync("lang"));
        foreach (var landmark in (AriaRole[])[AriaRole.Banner, AriaRole.Main, AriaRole.Navigation])
            await Expect(page.View.GetByRole(landmark)).ToHaveCountAsync(1);
        Assert.Equal(
            0, await page.View.Locator("[id]").EvaluateAllAsync<int>("all => all.length - new Set(all.map(node => node.id)).size"));
    }

    [Fact]
    public async Task Every_stop_of_the_tab_key_is_seen_and_the_first_skips_to_the_caches()
    {
        await using var host = await StatusHost.ListenAsync(Scenes.Of("hundred-partitions"));
        await using var page = await StatusPage.OpenAsync(chromium, host);
        var stops = new List<string>();
        for (var stop = 0; stop < 7; stop++)
        {
            await page.View.Keyboard.PressAsync("Tab");
            stops.Add(await page.View.EvaluateAsync<string>("document.activeElement.textContent || document.activeElement.tagName"));
            Assert.Equal("solid", await page.View.EvaluateAsync<string>("getComputedStyle(document.activeElement).outlineStyle"));
            Assert.True(
                await page.View.EvaluateAsync<bool>(
                    "(() => { const box = document.activeElement.getBoundingClientRect(); return box.top >= 0 && box.width > 0; })()"));
        }

        Assert.Equal(
            [
                "Skip to the caches", "Theme: auto", "Partitions, look-up, record errors", "Show all 100", "KeyPrefix of keys", "INPUT",
                "Look up",
            ],
            stops);
    }

    [Theory]
    [InlineData("service")]
    [InlineData("odd")]
    [InlineData("hundred-partitions")]
    public async Task On_a_phone_nothing_runs_over_an_edge(string scene)
    {
        await using var host = await StatusHost.ListenAsync(Scenes.Of(scene));
        await using var page = await StatusPage.OpenAsync(chromium, host, width: 360, height: 740);
        await OpenAllAsync(page);
        if (scene is "service")
            await LookUpAsync(page, "083432fb-70f6-42e5-a179-256615750688");

        Assert.Equal(360, await page.View.EvaluateAsync<int>("document.documentElement.scrollWidth"));
        var over = await page.View.EvaluateAsync<string[]>(Overflows);
        Assert.True(over.Length == 0, string.Join('\n', over));
    }

    [Fact]
    public async Task Nothing_moves_where_the_user_prefers_reduced_motion()
    {
        await using var host = await StatusHost.ListenAsync(Scenes.Of("service"));
        await using var page = await StatusPage.OpenAsync(chromium, host);
        Assert.Equal(0, await page.View.EvaluateAsync<int>("document.getAnimations().length"));

        await page.View.EmulateMediaAsync(new PageEmulateMediaOptions { ReducedMotion = ReducedMotion.NoPreference });
        Assert.Equal(1, await page.View.EvaluateAsync<int>("document.getAnimations().length"));
    }

    private static async Task OpenAllAsync(StatusPage page) =>
        await page.View.EvaluateAsync("document.querySelectorAll('details').forEach(details => details.open = true)");

    private static async Task LookUpAsync(StatusPage page, string key)
    {
        var input = page.View.GetByLabel("Key").First;
        await input.FillAsync(key);
        await input.PressAsync("Enter");
        await Expect(page.View.Locator(".answer").First).Not.ToBeEmptyAsync();
    }
}
