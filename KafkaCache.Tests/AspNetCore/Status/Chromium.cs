using Microsoft.Playwright;

namespace KafkaCaching.Tests.AspNetCore.Status;

/// <summary>A headless Chromium of the machine's, shared by the tests that open pages. Debian's package chromium has it.</summary>
public sealed class Chromium : IAsyncLifetime
{
    private static readonly string[] Names = ["chromium", "chromium-browser", "google-chrome"];

    // The browser's own calls to its maker are no part of a test, and on a closed network they stall it.
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

    /// <summary>A window of its own, with no memory of others; the test is skipped where there is no browser.</summary>
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

/// <summary>The tests that share the browser: one after the other, since two would take the machine from the rest.</summary>
[CollectionDefinition(Name)]
public sealed class ChromiumTests : ICollectionFixture<Chromium>
{
    public const string Name = "Chromium";
}
