using KafkaCaching.Replay.Errors;
using KafkaCaching.Tests.Brokers;
using KafkaCaching.Tests.Hosting;
using KafkaCaching.Tests.Replay;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace KafkaCaching.Tests.AspNetCore.Status;

[Collection(ChromiumTests.Name)]
public sealed class StatusPageTests(Chromium chromium, EmbeddedBrokerFixture embedded)
{
    private const string Known = "083432fb-70f6-42e5-a179-256615750688";
    private const string Hostile = "<img src=x onerror=alert(1)>";

    [Fact]
    public async Task A_real_replay_is_seen_to_move_and_to_become_ready()
    {
        const int records = 10_000;
        var topic = embedded.CreateTopic(partitions: 2);
        await embedded.Kafka.ProduceAsync(topic, Enumerable.Range(0, records).Select(static i => TestRecord.Of($"k{i}", "v")));
        using var gate = new RecordGate();
        await using var cache = TestCaches.Start(embedded.BootstrapServers, topic, gate.Hold);
        await using var host = await StatusHost.ListenAsync(services => services.AddKafkaCache(cache));
        await using var page = await StatusPage.OpenAsync(chromium, host);
        var card = page.Card(topic);
        var bar = card.GetByRole(AriaRole.Progressbar);
        await Expect(card.GetByText("Replaying", new LocatorGetByTextOptions { Exact = true })).ToBeVisibleAsync();
        await Expect(bar).ToHaveAttributeAsync("aria-valuenow", "0");

        gate.Let(records / 2);
        await Eventually.TrueAsync(() => cache.Status.Progress > 0.2);
        await page.PollAsync();
        Assert.InRange(
            int.Parse((await bar.GetAttributeAsync("aria-valuenow"))!, System.Globalization.CultureInfo.InvariantCulture), 20, 60);

        gate.Open();
        await cache.WaitUntilReadyAsync(TestContext.Current.CancellationToken);
        await page.PollAsync();

        await Expect(card.GetByText("Ready", new LocatorGetByTextOptions { Exact = true })).ToBeVisibleAsync();
        await Expect(bar).ToBeHiddenAsync();
        await Expect(card.GetByText("10,000", new LocatorGetByTextOptions { Exact = true })).ToBeVisibleAsync();
        await Expect(page.View.GetByRole(AriaRole.Heading, new PageGetByRoleOptions { Level = 1 })).ToHaveTextAsync($"{topic} is ready");
        await card.GetByLabel("Key").FillAsync("k7");
        await card.GetByLabel("Key").PressAsync("Enter");
        await Expect(card.GetByRole(AriaRole.Region, new LocatorGetByRoleOptions { Name = "Value" })).ToHaveTextAsync("v");
        Assert.Empty(page.Complaints);
    }

    [Fact]
    public async Task Progress_time_left_lag_and_rate_follow_the_cache()
    {
        var cache = new FakeCache("users", Statuses.Replaying(0.25));
        await using var host = await StatusHost.ListenAsync(cache);
        await using var page = await StatusPage.OpenAsync(chromium, host);
        await Expect(page.Card("users").GetByText("25 %, about 15 s left")).ToBeVisibleAsync();

        cache.Status = Statuses.Replaying(0.75);
        await page.PollAsync(seconds: 10);

        await Expect(page.Card("users").GetByText("75 %, about 5.0 s left")).ToBeVisibleAsync();
        await Expect(page.Card("users").GetByText("61,728/s")).ToBeVisibleAsync();
        await Expect(page.Card("users").GetByText("40.6 MB/s")).ToBeVisibleAsync();
        await Expect(page.Card("users").Locator(".value").Filter(new LocatorFilterOptions { HasText = "308,000" })).ToBeVisibleAsync();
    }

    [Fact]
    public async Task A_look_up_by_keyboard_alone_shows_the_entry_then_that_there_is_none_then_what_a_key_looks_like()
    {
        await using var host = await StatusHost.ListenAsync(Scenes.WithErrors("users"));
        await using var page = await StatusPage.OpenAsync(chromium, host);
        var input = page.View.GetByRole(AriaRole.Textbox, new PageGetByRoleOptions { Name = "Key" });
        for (var stop = 0; stop < 10 && !await input.EvaluateAsync<bool>("input => input === document.activeElement"); stop++)
        {
            await page.View.Keyboard.PressAsync("Tab");
            Assert.NotEqual("none", await page.View.EvaluateAsync<string>("getComputedStyle(document.activeElement).outlineStyle"));
        }

        await page.View.Keyboard.TypeAsync(Known);
        await page.View.Keyboard.PressAsync("Enter");
        var answer = page.Card("users").Locator(".answer");
        await Expect(answer.GetByRole(AriaRole.Region, new LocatorGetByRoleOptions { Name = "Value" }))
            .ToContainTextAsync("\"displayName\": \"Hedy Hamilton\"");
        await Expect(answer).ToContainTextAsync("3:281902");
        await Expect(answer).ToContainTextAsync("3 min ago");

        await input.FillAsync(Guid.Empty.ToString());
        await page.View.Keyboard.PressAsync("Enter");
        await Expect(answer).ToHaveTextAsync("No entry has this key.");
        await Expect(input).Not.ToHaveAttributeAsync("aria-invalid", "true");

        await input.FillAsync("ada");
        await page.View.Keyboard.PressAsync("Enter");
        await Expect(answer).ToHaveTextAsync($"A key of this cache is a GUID, such as {Known}.");
        await Expect(input).ToHaveAttributeAsync("aria-invalid", "true");
        Assert.Empty(page.Complaints);
    }

    [Fact]
    public async Task Keys_are_found_by_their_prefix_and_by_an_index_and_lead_to_their_entries()
    {
        await using var host = await StatusHost.ListenAsync(Scenes.Watched());
        await using var page = await StatusPage.OpenAsync(chromium, host);
        await page.View.GetByLabel("Look up by").SelectOptionAsync("Index: group");
        await page.View.GetByLabel("Term").FillAsync("all");
        await page.View.GetByLabel("Term").PressAsync("Enter");
        await Expect(page.View.GetByText("The first 50. There are more.")).ToBeVisibleAsync();
        await page.View.GetByLabel("Term").FillAsync("none");
        await page.View.GetByLabel("Term").PressAsync("Enter");
        await Expect(page.View.GetByText("No entry has this term.")).ToBeVisibleAsync();

        await page.View.GetByLabel("Look up by").SelectOptionAsync("Prefix of keys");
        await page.View.GetByLabel("Prefix", new PageGetByLabelOptions { Exact = true }).FillAsync("a");
        await page.View.GetByLabel("Prefix", new PageGetByLabelOptions { Exact = true }).PressAsync("Enter");
        await Expect(page.View.GetByRole(AriaRole.List, new PageGetByRoleOptions { Name = "Found" }).GetByRole(AriaRole.Button))
            .ToHaveTextAsync(["ada", "adele"]);
        await page.View.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "ada" }).ClickAsync();

        await Expect(page.View.GetByRole(AriaRole.Region, new PageGetByRoleOptions { Name = "Value" })).ToHaveTextAsync("{}");
        await Expect(page.View.GetByLabel("Key", new PageGetByLabelOptions { Exact = true })).ToHaveValueAsync("ada");
        Assert.Empty(page.Complaints);
    }

    [Fact]
    public async Task Watchers_and_indexes_are_shown_where_there_are_some()
    {
        await using var host = await StatusHost.ListenAsync(Scenes.Watched(), new FakeCache("plain", Statuses.Ready()));
        await using var page = await StatusPage.OpenAsync(chromium, host);

        await Expect(page.Card("users").GetByText("120 changes pending")).ToBeVisibleAsync();
        await Expect(page.Card("users").GetByText("unique, 52,338 terms, 2 entries with another's term")).ToBeVisibleAsync();
        await Expect(page.Card("users").GetByText("812 terms, 104,977 postings")).ToBeVisibleAsync();
        await Expect(page.Card("plain").GetByText("Watchers")).ToBeHiddenAsync();
        await Expect(page.Card("plain").GetByText("Indexes")).ToBeHiddenAsync();
    }

    [Fact]
    public async Task How_a_cache_started_and_its_snapshots_are_shown_where_there_are_some()
    {
        await using var host = await StatusHost.ListenAsync([.. Scenes.Of("snapshots")]);
        await using var page = await StatusPage.OpenAsync(chromium, host);

        foreach (var name in (string[])["users", "orders", "plain"])
            await page.Card(name).GetByText("Partitions, look-up, record errors").ClickAsync();

        const string warm = "Started warm, from a snapshot 12 s old, with 1,204 records after it.";
        await Expect(page.Card("users").GetByText(warm)).ToBeVisibleAsync();
        await Expect(page.Card("users").GetByText("Last snapshot 8 min ago, 79.6 MiB.")).ToBeVisibleAsync();
        await Expect(page.Card("orders").GetByText("Started cold: too old. It is 90000 s old.")).ToBeVisibleAsync();
        await Expect(page.Card("orders").GetByText("No snapshot has been written yet.")).ToBeVisibleAsync();
        await Expect(page.Card("orders").GetByText("No space left on device")).ToBeVisibleAsync();
        await Expect(page.Card("plain").GetByText("Warm restart")).ToBeHiddenAsync();
        Assert.Empty(page.Complaints);
    }

    [Fact]
    public async Task A_hostile_key_value_and_name_stay_text()
    {
        await using var host = await StatusHost.ListenAsync(Scenes.WithErrors(Hostile));
        await using var page = await StatusPage.OpenAsync(chromium, host);
        page.View.Dialog += (_, dialog) => Assert.Fail(dialog.Message);

        await page.View.GetByLabel("Key").FillAsync(Hostile);
        await page.View.GetByLabel("Key").PressAsync("Enter");

        await Expect(page.View.GetByRole(AriaRole.Region, new PageGetByRoleOptions { Name = "Value" }))
            .ToHaveTextAsync("<img src=x onerror=alert(1)><script>alert(2)</script>");
        await Expect(page.View.GetByRole(AriaRole.Heading, new PageGetByRoleOptions { Level = 2 })).ToHaveTextAsync(Hostile);
        Assert.Equal(0, await page.View.Locator("main img, main script").CountAsync());
        Assert.Empty(page.Complaints);
    }

    [Fact]
    public async Task A_bad_record_is_listed_by_its_place_and_reason_when_it_comes()
    {
        var cache = new FakeCache("users", Statuses.Ready());
        await using var host = await StatusHost.ListenAsync(cache);
        await using var page = await StatusPage.OpenAsync(chromium, host);
        await Expect(page.View.GetByText("None since the start.")).ToBeVisibleAsync();

        cache.Status = Statuses.Ready() with
        {
            RecordErrors = 1,
            RecentRecordErrors = [new RecordErrorSighting(3, 281_774, RecordErrorReason.ResolverThrew, host.Time.GetUtcNow())],
        };
        await page.PollAsync(seconds: 60);

        await Expect(page.View.GetByRole(AriaRole.List).GetByRole(AriaRole.Listitem)).ToHaveTextAsync("3:281774Resolver threw60 s ago");
        await Expect(page.Card("users").GetByText("1 record error", new LocatorGetByTextOptions { Exact = true })).ToBeVisibleAsync();
        await Expect(page.View.GetByText("None since the start.")).ToBeHiddenAsync();
    }

    [Fact]
    public async Task What_a_ready_cache_says_is_wrong_does_not_look_well()
    {
        var cache = new FakeCache("users", Statuses.Ready() with { Reason = "The brokers gave no answer." });
        await using var host = await StatusHost.ListenAsync(cache);
        await using var page = await StatusPage.OpenAsync(chromium, host);
        var reason = page.Card("users").GetByText("The brokers gave no answer.");
        await Expect(reason).ToHaveAttributeAsync("data-tone", "warn");
        await Expect(page.Card("users")).ToHaveAttributeAsync("data-tone", "good");

        cache.Status = Statuses.Ready();
        await page.PollAsync();

        await Expect(reason).ToBeHiddenAsync();
    }

    [Fact]
    public async Task Of_a_hundred_partitions_the_furthest_behind_come_first_and_the_rest_on_request()
    {
        await using var host = await StatusHost.ListenAsync(Scenes.Of("hundred-partitions"));
        await using var page = await StatusPage.OpenAsync(chromium, host);
        var rows = page.View.GetByRole(AriaRole.Rowheader);
        await Expect(rows).ToHaveTextAsync(["89", "72", "55", "38", "21", "4", "0", "1"]);
        await Expect(page.View.GetByText("92 more without lag")).ToBeVisibleAsync();

        var more = page.View.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Show all 100" });
        await Expect(more).ToHaveAttributeAsync("aria-expanded", "false");
        await more.ClickAsync();

        await Expect(rows).ToHaveCountAsync(100);
        await Expect(page.View.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Show fewer" }))
            .ToHaveAttributeAsync("aria-expanded", "true");
    }

    [Fact]
    public async Task The_gravest_of_several_caches_is_the_headline_and_its_tile_leads_to_it()
    {
        await using var host = await StatusHost.ListenAsync(Scenes.Of("ten"));
        await using var page = await StatusPage.OpenAsync(chromium, host);
        await Expect(page.View.GetByRole(AriaRole.Heading, new PageGetByRoleOptions { Level = 1 })).ToHaveTextAsync("cache-7 is stale");
        await Expect(page.Card("cache-7").GetByLabel("Key")).ToBeHiddenAsync();

        await page.View.GetByRole(AriaRole.Navigation)
            .GetByRole(AriaRole.Link, new LocatorGetByRoleOptions { Name = "cache-7" })
            .ClickAsync();

        await Expect(page.Card("cache-7").GetByLabel("Key")).ToBeVisibleAsync();
        await Expect(page.Card("cache-7")).ToBeInViewportAsync();

        await page.View.ReloadAsync();
        await Expect(page.Card("cache-7").GetByLabel("Key")).ToBeInViewportAsync();
        await Expect(page.Card("cache-6").GetByLabel("Key")).ToBeHiddenAsync();
    }

    [Fact]
    public async Task A_lost_connection_is_said_with_its_age_and_so_is_its_return()
    {
        await using var host = await StatusHost.ListenAsync(new FakeCache("users", Statuses.Ready()));
        await using var page = await StatusPage.OpenAsync(chromium, host);
        await page.View.RouteAsync("**/status", static route => route.AbortAsync());

        await page.View.Clock.RunForAsync(20_000);
        await page.View.Clock.RunForAsync(20_000);

        await Expect(page.View.GetByRole(AriaRole.Alert))
            .ToHaveTextAsync("The connection to the service is lost. Trying again each second.");
        await Expect(page.View.GetByText("What you see was true ")).ToBeVisibleAsync();
        await Expect(page.View.GetByText("Lost", new PageGetByTextOptions { Exact = true })).ToBeVisibleAsync();

        await page.View.UnrouteAsync("**/status");
        await page.PollAsync();
        await Expect(page.View.GetByRole(AriaRole.Alert)).ToBeHiddenAsync();
        await Expect(page.View.GetByText("Live", new PageGetByTextOptions { Exact = true })).ToBeVisibleAsync();
    }

    [Fact]
    public async Task A_session_that_has_ended_asks_for_a_new_one()
    {
        await using var host = await StatusHost.ListenAsync(new FakeCache("users", Statuses.Ready()));
        await using var page = await StatusPage.OpenAsync(chromium, host);
        await page.View.RouteAsync(
            "**/status",
            static route => route.FulfillAsync(new RouteFulfillOptions { Status = 302, Headers = [new("Location", "/sign-in")] }));

        await page.View.Clock.RunForAsync(2_000);

        await Expect(page.View.GetByRole(AriaRole.Alert)).ToHaveTextAsync("The service wants you to sign in. Reload this page.");
    }

    [Fact]
    public async Task A_hidden_tab_asks_nothing_until_it_is_seen_again()
    {
        await using var host = await StatusHost.ListenAsync(new FakeCache("users", Statuses.Ready()));
        await using var page = await StatusPage.OpenAsync(chromium, host);
        await SetHiddenAsync(true);
        await page.View.Clock.RunForAsync(2_000);
        var before = page.Polls;

        await page.View.Clock.RunForAsync(60_000);
        Assert.Equal(before, page.Polls);

        await SetHiddenAsync(false);
        await page.PollAsync();
        Assert.NotEqual(before, page.Polls);

        Task SetHiddenAsync(bool isHidden) => page.View.EvaluateAsync(
            "isHidden => { Object.defineProperty(document, 'hidden', { value: isHidden, configurable: true }); document.dispatchEvent(new "
            + "Event('visibilitychange')); }",
            isHidden);
    }

    [Fact]
    public async Task The_theme_chosen_stays_over_a_reload()
    {
        await using var host = await StatusHost.ListenAsync();
        await using var page = await StatusPage.OpenAsync(chromium, host, theme: ColorScheme.Light);
        var theme = page.View.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Theme" });
        Assert.Equal("rgb(244, 246, 249)", await GroundAsync());

        await theme.ClickAsync();
        await theme.ClickAsync();
        await Expect(theme).ToHaveTextAsync("Theme: dark");
        Assert.Equal("rgb(14, 19, 25)", await GroundAsync());

        await page.View.ReloadAsync();
        await Expect(theme).ToHaveTextAsync("Theme: dark");
        Assert.Equal("rgb(14, 19, 25)", await GroundAsync());

        Task<string> GroundAsync() => page.View.EvaluateAsync<string>("getComputedStyle(document.body).backgroundColor");
    }

    [Fact]
    public async Task Without_a_cache_the_page_says_how_to_add_one()
    {
        await using var host = await StatusHost.ListenAsync();
        await using var page = await StatusPage.OpenAsync(chromium, host);

        await Expect(page.View.GetByRole(AriaRole.Heading, new PageGetByRoleOptions { Level = 1 })).ToHaveTextAsync("No cache yet");
        await Expect(page.View.GetByText("services.AddKafkaCache<Guid, User>")).ToBeVisibleAsync();
        Assert.Empty(page.Complaints);
    }
}
