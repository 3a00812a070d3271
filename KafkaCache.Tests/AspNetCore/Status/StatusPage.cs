using System.Collections.Concurrent;
using Microsoft.Playwright;

namespace KafkaCaching.Tests.AspNetCore.Status;

/// <summary>The status page, open in a browser. <see cref="PollAsync"/> advances the browser's clock.</summary>
internal sealed class StatusPage : IAsyncDisposable
{
    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "screenshots");

    private readonly IBrowserContext _window;
    private readonly StatusHost _host;
    private readonly ConcurrentQueue<string> _complaints = new();

    private StatusPage(IBrowserContext window, IPage page, StatusHost host)
    {
        _window = window;
        _host = host;
        View = page;
        page.Console += (_, message) =>
        {
            if (message.Type is "error" or "warning")
                _complaints.Enqueue($"console: {message.Text}");
        };
        page.PageError += (_, error) => _complaints.Enqueue($"script: {error}");
        page.Request += (_, request) =>
        {
            Polls += request.Url.EndsWith("/status", StringComparison.Ordinal) ? 1 : 0;
            if (!request.Url.StartsWith(host.Address.ToString(), StringComparison.Ordinal))
                _complaints.Enqueue($"request: {request.Url}");
        };
    }

    public IPage View { get; }

    /// <summary>How often the page has asked for the status.</summary>
    public int Polls { get; private set; }

    /// <summary>Errors in the console and in scripts, and requests to other hosts. The page must not cause any.</summary>
    public IReadOnlyCollection<string> Complaints => _complaints;

    public static async Task<StatusPage> OpenAsync(
        Chromium chromium, StatusHost host, int width = 1200, int height = 900, ColorScheme theme = ColorScheme.Light)
    {
        var window = await chromium.OpenAsync(new BrowserNewContextOptions
        {
            ViewportSize = new ViewportSize { Width = width, Height = height },
            ColorScheme = theme,
            ReducedMotion = ReducedMotion.Reduce,
            DeviceScaleFactor = 1,
            TimezoneId = "UTC",
        });
        var page = new StatusPage(window, await window.NewPageAsync(), host);
        await page.View.Clock.InstallAsync();
        await page.View.GotoAsync(new Uri(host.Address, "/kafkacache/").ToString());
        await page.PollAsync();
        return page;
    }

    /// <summary>Advances the service's clock by the given seconds and the page's by one, and waits until the page shows the current
    /// state.</summary>
    public async Task PollAsync(int seconds = 1)
    {
        _host.Time.Advance(TimeSpan.FromSeconds(seconds));
        await View.Clock.RunForAsync(1000);
        await View.GetByTitle($"As of {_host.Time.GetUtcNow():HH:mm:ss}").WaitForAsync();
    }

    public ILocator Card(string name) => View.GetByRole(AriaRole.Article, new PageGetByRoleOptions { Name = name, Exact = true });

    public async Task<string> ScreenshotAsync(string name, bool isFullPage = true)
    {
        Directory.CreateDirectory(Folder);
        var path = Path.Combine(Folder, $"{name}.png");
        await View.ScreenshotAsync(
            new PageScreenshotOptions { Path = path, FullPage = isFullPage, Animations = ScreenshotAnimations.Disabled });
        return path;
    }

    public async ValueTask DisposeAsync() => await _window.DisposeAsync();
}
