using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using KafkaCaching.Demo.Sample;
using KafkaCaching.Tests.Brokers;

namespace KafkaCaching.Tests.Demo;

public sealed class SampleDemoTests(SampleDemoTests.Sample sample) : IClassFixture<SampleDemoTests.Sample>
{
    private static readonly SampleData Data = new();

    // The demo is shared, so each test that writes uses a different user.
    private readonly DemoProcess _demo = sample.Demo;

    [Fact]
    public async Task A_user_is_joined_with_the_names_of_the_groups()
    {
        var user = Data.Users[1];

        var answer = (await _demo.GetAsync($"/users/{user.Id}")).Json;

        Assert.Equal(user.Email, answer.GetProperty("email").GetString());
        Assert.Equal(
            user.Groups.Select(group => (group, Data.Organizations.First(organization => organization.Id == group).Name)),
            answer.GetProperty("groups").EnumerateArray()
                .Select(group => (group.GetProperty("id").GetGuid(), group.GetProperty("name").GetString()!)));
    }

    [Fact]
    public async Task A_session_is_joined_with_its_user_and_the_users_organizations()
    {
        var session = Data.Sessions[0];
        var user = Data.Users.First(user => user.Id == session.User);

        var answer = (await _demo.GetAsync($"/sessions/{session.Id}")).Json;

        Assert.Equal(session.IpAddress, answer.GetProperty("ipAddress").GetString());
        Assert.Equal(session.Type == SessionType.Regular ? "REGULAR" : "MEETINGSCREEN", answer.GetProperty("type").GetString());
        Assert.Equal(user.Id, answer.GetProperty("userId").GetGuid());
        Assert.Equal(user.Email, answer.GetProperty("user").GetProperty("email").GetString());
        Assert.Equal(
            user.Groups.Select(static group => Data.Organizations.First(organization => organization.Id == group).Name),
            answer.GetProperty("user").GetProperty("organizations").EnumerateArray().Select(static name => name.GetString()));
    }

    [Fact]
    public async Task Some_users_are_listed_and_an_organization_is_found()
    {
        var organization = Data.Organizations[0];

        Assert.Equal(10, (await _demo.GetAsync("/users")).Json.GetArrayLength());
        Assert.Equal(organization.Name, (await _demo.GetAsync($"/organizations/{organization.Id}")).Json.GetProperty("name").GetString());
    }

    [Fact]
    public async Task A_put_that_waits_is_read_back_and_says_where_it_is()
    {
        var path = $"/users/{Data.Users[2].Id}";
        for (var i = 0; i < 20; i++)
        {
            var put = await PutAsync($"{path}?wait=applied", $"Name {i}");
            var got = await _demo.GetAsync(path);

            Assert.Equal(200, put.Status);
            Assert.Equal($"users={put.Json.GetProperty("partition")}:{put.Json.GetProperty("offset")}", put.Header("KafkaCache-Position"));
            Assert.Equal($"Name {i}", got.Json.GetProperty("displayName").GetString());
        }
    }

    [Fact]
    public async Task A_new_user_can_be_put_and_a_deleted_one_is_gone()
    {
        var path = $"/users/{Guid.NewGuid()}";

        Assert.Equal(200, (await PutAsync($"{path}?wait=applied", "Ada")).Status);
        Assert.Equal("Ada", (await _demo.GetAsync(path)).Json.GetProperty("displayName").GetString());
        Assert.Equal(200, (await _demo.SendAsync(HttpMethod.Delete, $"{path}?wait=applied")).Status);
        (await _demo.GetAsync(path)).AssertProblem(404);
    }

    [Theory]
    [InlineData("not JSON")]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("""{"email":null,"displayName":"Ada","groups":[]}""")]
    [InlineData("""{"email":"a@example.com","displayName":"Ada","groups":["x"]}""")]
    public async Task A_body_that_is_no_user_is_a_problem(string body)
    {
        var json = new StringContent(body, mediaType: new("application/json"));

        (await _demo.SendAsync(HttpMethod.Put, $"/users/{Data.Users[3].Id}", json)).AssertProblem(400);
    }

    [Fact]
    public async Task Wrong_requests_are_problems()
    {
        (await _demo.GetAsync("/users/42")).AssertProblem(400);
        (await _demo.GetAsync($"/sessions/{Guid.NewGuid()}")).AssertProblem(404);
        (await _demo.GetAsync("/nowhere")).AssertProblem(404);
        (await _demo.SendAsync(HttpMethod.Delete, "/users")).AssertProblem(405);
        (await PutAsync($"/users/{Data.Users[4].Id}?wait=forever", "Ada")).AssertProblem(400);
        (await PutAsync($"/users/{Data.Users[4].Id}", new string('x', 2_000_000))).AssertProblem(413);
    }

    [Fact]
    public async Task A_foreign_host_name_is_refused()
    {
        Assert.Equal(400, (await _demo.SendAsync(HttpMethod.Get, "/users", host: "evil.example")).Status);
        Assert.Equal(200, (await _demo.SendAsync(HttpMethod.Get, "/users", host: "localhost:1234")).Status);
    }

    [Fact]
    public async Task The_status_page_health_checks_and_the_list_of_routes_are_there()
    {
        Assert.Equal("text/html", (await _demo.GetAsync("/kafkacache/")).ContentType);
        Assert.Equal("Healthy", (await _demo.GetAsync("/health/ready")).Text);
        Assert.Equal("Healthy", (await _demo.GetAsync("/health/live")).Text);

        var list = (await _demo.GetAsync("/")).Text;
        Assert.All(
            ["/users/{id}", "/sessions/{id}", "/metrics", "/health/ready", "/prices", "/orders", "/orders/page", "/import"],
            route => Assert.Contains($" {route} ", list, StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_status_shows_the_positions_of_the_caches()
    {
        var users = (await _demo.GetAsync("/topics/users")).Json;

        Assert.Equal(10, (await _demo.GetAsync("/topics")).Json.GetArrayLength());
        Assert.Equal("Ready", users.GetProperty("phase").GetString());
        Assert.Equal(4, users.GetProperty("partitions").GetArrayLength());
        (await _demo.GetAsync("/topics/unknown")).AssertProblem(404);
    }

    [Fact]
    public async Task Metrics_show_every_partition_of_every_topic()
    {
        var metrics = (await _demo.GetAsync("/metrics")).Text;

        foreach (var topic in (string[])["organizations", "users", "sessions"])
        {
            var labels = $"cache=\"{topic}\",topic=\"{topic}\"";
            Assert.Contains($"kafkacache_ready{{{labels}}} 1\n", metrics, StringComparison.Ordinal);
            for (var partition = 0; partition < 4; partition++)
                Assert.Contains($"kafkacache_lag{{{labels},partition=\"{partition}\"}} ", metrics, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_rate_that_one_instance_has_loaded_is_in_the_other_and_a_tag_cleared_in_one_is_gone_in_both()
    {
        var (number, first) = (0, 0);
        await Eventually.TrueAsync(
            async () =>
            {
                first = await TimesAskedAsync($"/rates/C{++number}?instance=1");
                return await TimesAskedAsync($"/rates/C{number}?instance=2") == first;
            },
            "the other instance has what one has loaded");

        Assert.Equal(200, (await _demo.SendAsync(HttpMethod.Delete, "/rates?instance=2")).Status);

        await Eventually.TrueAsync(async () => await TimesAskedAsync($"/rates/C{number}?instance=1") > first, "it is gone in the first");
        (await _demo.GetAsync("/rates/USD?instance=3")).AssertProblem(404);
    }

    [Fact]
    public async Task Orders_are_read_aside_and_a_new_one_is_there_at_once()
    {
        Assert.Equal(0, (await OrdersAsync()).GetArrayLength());
        for (var number = 1; number <= 3; number++)
        {
            var body = JsonContent.Create(new { customer = "grace", cents = 100 * number });
            var added = await _demo.SendAsync(HttpMethod.Post, "/orders", body);
            Assert.Equal(201, added.Status);
            for (var i = 0; i < 2; i++)
                Assert.Equal(number, (await OrdersAsync()).GetArrayLength());
            var one = (await _demo.GetAsync($"/orders/{added.Json.GetProperty("id").GetInt32()}")).Json;
            Assert.Equal(100 * number, one.GetProperty("cents").GetInt32());
        }

        (await _demo.GetAsync("/orders/424242")).AssertProblem(404);
        var metrics = (await _demo.GetAsync("/metrics")).Text;
        Assert.Matches(@"kafkacache_ef_queries_total\{[^}]*query=""orders-of-customer"",outcome=""hit""\} [1-9]", metrics);

        async Task<JsonElement> OrdersAsync() => (await _demo.GetAsync("/orders?customer=grace")).Json.GetProperty("orders");
    }

    [Fact]
    public async Task A_page_is_made_once_until_an_order_is_added()
    {
        // Orders of another test may invalidate the page between the two requests.
        DemoAnswer made = null!, again = null!;
        await Eventually.TrueAsync(
            async () =>
            {
                made = await PageAsync();
                again = await PageAsync();
                return again.Headers.Age is not null;
            },
            "the page is served from the cache");
        Assert.Equal(made.Text, again.Text);

        for (var number = 1; number <= 2; number++)
        {
            var body = JsonContent.Create(new { customer = "<eve>", cents = 100 });
            Assert.Equal(201, (await _demo.SendAsync(HttpMethod.Post, "/orders", body)).Status);
            Assert.Contains($"<td>&lt;eve&gt;<td>{number}<td>{100 * number}\n", (await PageAsync()).Text, StringComparison.Ordinal);
        }

        Task<DemoAnswer> PageAsync() => _demo.GetAsync("/orders/page");
    }

    [Fact]
    public async Task A_price_list_is_refreshed_by_one_of_two_instances_and_served_by_both()
    {
        var refreshed = await _demo.SendAsync(HttpMethod.Post, "/prices/refresh?instance=2");
        var version = refreshed.Json.GetProperty("version").GetInt64();
        await Eventually.TrueAsync(
            async () => (await PricesAsync(1)).GetProperty("version").GetInt64() >= version, "the other serves it too");

        Assert.Equal(200, refreshed.Status);
        Assert.NotEqual(IsLeader(await PricesAsync(1)), IsLeader(await PricesAsync(2)));
        (await _demo.GetAsync("/prices?instance=3")).AssertProblem(404);

        static bool IsLeader(JsonElement prices) => prices.GetProperty("isLeader").GetBoolean();

        async Task<JsonElement> PricesAsync(int instance) => (await _demo.GetAsync($"/prices?instance={instance}")).Json;
    }

    [Fact]
    [Trait("Category", "Long")]
    public async Task A_killed_import_continues_where_it_was()
    {
        Assert.Equal(200, (await _demo.SendAsync(HttpMethod.Post, "/import")).Status);
        await Eventually.TrueAsync(async () => await PageAsync() > 5, "some pages are imported", TimeSpan.FromMinutes(2));
        Assert.Equal(200, (await _demo.SendAsync(HttpMethod.Delete, "/import")).Status);
        var page = await PageAsync();
        await _demo.SendAsync(HttpMethod.Post, "/import");
        await Eventually.TrueAsync(async () => (await LogAsync()).Count == 2, "the next one has begun", TimeSpan.FromMinutes(2));

        var begun = Assert.Single((await LogAsync()).Skip(1));
        Assert.InRange(int.Parse(begun.Split(' ')[5], CultureInfo.InvariantCulture), page, 199);
        await _demo.SendAsync(HttpMethod.Delete, "/import");

        async Task<int> PageAsync() => (await _demo.GetAsync("/import")).Json.GetProperty("state").TryGetProperty("page", out var page)
            ? page[0].GetProperty("value").GetInt32()
            : 0;

        async Task<List<string>> LogAsync() =>
        [
            .. (await _demo.GetAsync("/import")).Json.GetProperty("log").EnumerateArray()
                .Select(static one => one.GetProperty("text").GetString()!),
        ];
    }

    private async Task<int> TimesAskedAsync(string path) => (await _demo.GetAsync(path)).Json.GetProperty("timesAsked").GetInt32();

    private Task<DemoAnswer> PutAsync(string path, string name) => _demo.SendAsync(
        HttpMethod.Put, path, JsonContent.Create(new { Email = "ada@example.com", DisplayName = name, Groups = Array.Empty<Guid>() }));

    public sealed class Sample : IAsyncLifetime
    {
        internal DemoProcess Demo { get; private set; } = null!;

        public async ValueTask InitializeAsync() => Demo = await DemoProcess.StartReadyAsync();

        public async ValueTask DisposeAsync() => await Demo.DisposeAsync();
    }
}
