using Microsoft.Playwright;

namespace KafkaCaching.Tests.AspNetCore.Status;

/// <summary>The installed Chromium, run headless and shared by the tests that open pages. On Debian, it is in the package
/// chromium.</summary>
public sealed class Chromium : IAsyncLifetime
{
    private static readonly string[] Names = ["chromium", "chromium-browser", "google-chrome"];

    // Disables the browser's background requests, which would stall it on a machine without internet access.
    private static readonly string[] Arguments =
    [
        "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
        "--disable-component-update", "--disable-sync",
    ];

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private IPlaywright? _playwright;
    private IBrowser? _browser;

    public async ValueTask InitializeAsync()
    {
        if (Array.Find(Names, Programs.IsOnPath) is not { } name)
            return;
        Assertions.SetDefaultExpectTimeout((float)Patience.TotalMilliseconds);
        _playwright = await Playwright.CreateAsync();
        _browser = await _playwright.Chromium.LaunchAsync(
            new BrowserTypeLaunchOptions { ExecutablePath = Programs.PathOf(name), Args = Arguments });
    }

    /// <summary>Opens an isolated browser context. Skips the test if there is no browser.</summary>
    public Task<IBrowserContext> OpenAsync(BrowserNewContextOptions? options = null)
    {
        if (_browser is null)
            Assert.Skip("No Chromium is installed (Debian's package: chromium).");
        return _browser.NewContextAsync(options);
    }

    public async ValueTask DisposeAsync()
    {
        if (_browser is not null)
            await _browser.DisposeAsync();
        _playwright?.Dispose();
    }
}

/// <summary>The tests that share the browser. They run sequentially, because two at a time would slow down the other tests.</summary>
[CollectionDefinition(Name)]
public sealed class ChromiumTests : ICollectionFixture<Chromium>
{
    public const string Name = "Chromium";
}
