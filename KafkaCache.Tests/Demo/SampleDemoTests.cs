using System.Text;
using System.Text.Json;
using KafkaCaching.Demo.Sample;

namespace KafkaCaching.Tests.Demo;

public sealed class SampleDemoTests(SampleDemoTests.Sample sample) : IClassFixture<SampleDemoTests.Sample>
{
    private static readonly SampleData Data = new();

    // Each test that writes takes a user of its own.
    private readonly DemoUnderTest _demo = sample.Demo;

    [Fact]
    public async Task A_user_is_joined_with_the_names_of_the_groups()
    {
        var user = Data.Users[1];

        var answer = await _demo.GetAsync($"/users/{user.Id}");

        Assert.Equal(200, answer.Status);
        Assert.Equal(user.Email, answer.Json.GetProperty("email").GetString());
        Assert.Equal(
            user.Groups.Select(group => (group, Data.Organizations.First(organization => organization.Id == group).Name)),
            answer.Json.GetProperty("groups").EnumerateArray().Select(group => (group.GetProperty("id").GetGuid(), group.GetProperty("name").GetString()!)));
        Assert.True(CachePosition.TryParse(answer.Header("KafkaCache-Position")!["users=".Length..], null, out _));
    }

    [Fact]
    public async Task A_session_is_joined_with_its_user()
    {
        var session = Data.Sessions[0];

        var answer = await _demo.GetAsync($"/sessions/{session.Id}");

        Assert.Equal(session.IpAddress, answer.Json.GetProperty("ipAddress").GetString());
        Assert.Equal(session.Type == SessionType.Regular ? "REGULAR" : "MEETINGSCREEN", answer.Json.GetProperty("type").GetString());
        Assert.Equal(Data.Users.First(user => user.Id == session.User).Email, answer.Json.GetProperty("user").GetProperty("email").GetString());
    }

    [Fact]
    public async Task A_put_that_waits_is_read_back_at_its_own_position()
    {
        var path = $"/users/{Data.Users[2].Id}";
        for (var i = 0; i < 20; i++)
        {
            var put = await _demo.PutAsync($"{path}?wait=applied", Body($"Name {i}"));
            var got = await _demo.GetAsync(path);

            Assert.Equal(200, put.Status);
            Assert.True(put.Json.GetProperty("applied").GetBoolean());
            Assert.Equal($"users={put.Json.GetProperty("partition")}:{put.Json.GetProperty("offset")}", put.Header("KafkaCache-Position"));
            Assert.Equal(put.Header("KafkaCache-Position"), got.Header("KafkaCache-Position"));
            Assert.Equal($"Name {i}", got.Json.GetProperty("displayName").GetString());
        }
    }

    [Fact]
    public async Task The_status_page_health_checks_and_the_list_of_routes_are_there()
    {
        var page = await _demo.GetAsync("/kafkacache/");
        Assert.Equal((200, "text/html"), (page.Status, page.ContentType));
        Assert.Equal("Healthy", Encoding.UTF8.GetString((await _demo.GetAsync("/health/ready")).Body));
        Assert.Equal("Healthy", Encoding.UTF8.GetString((await _demo.GetAsync("/health/live")).Body));

        var list = Encoding.UTF8.GetString((await _demo.GetAsync("/")).Body);
        Assert.All(["/users", "/metrics", "/health/ready", "/kafkacache"], path => Assert.Contains($" {path} ", list, StringComparison.Ordinal));
        Assert.DoesNotContain("app.js", list, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_new_user_can_be_put_and_a_deleted_one_is_gone()
    {
        var path = $"/users/{Guid.NewGuid()}";

        Assert.Equal(200, (await _demo.PutAsync($"{path}?wait=applied", Body("Ada"))).Status);
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
    [InlineData("""{"email":"a@example.com","displayName":"Ada","groups":[],"age":36}""")]
    public async Task A_body_that_is_no_user_is_refused_with_the_reason(string body)
    {
        var answer = await _demo.PutAsync($"/users/{Data.Users[3].Id}", Encoding.UTF8.GetBytes(body));

        Assert.StartsWith("The body is not a user: ", answer.AssertProblem(400), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_ID_in_the_body_must_be_the_one_in_the_path()
    {
        var user = Data.Users[4];
        var other = JsonSerializer.SerializeToUtf8Bytes(Data.Users[5], JsonSerializerOptions.Web);
        var same = JsonSerializer.SerializeToUtf8Bytes(user, JsonSerializerOptions.Web);

        Assert.Contains("id", (await _demo.PutAsync($"/users/{user.Id}", other)).AssertProblem(400), StringComparison.Ordinal);
        Assert.Equal(200, (await _demo.PutAsync($"/users/{user.Id}", same)).Status);
    }

    [Fact]
    public async Task Wrong_requests_are_problems_that_say_what_to_do()
    {
        Assert.Contains("UUID", (await _demo.GetAsync("/users/42")).AssertProblem(400), StringComparison.Ordinal);
        Assert.Contains("GET /users", (await _demo.GetAsync($"/sessions/{Guid.NewGuid()}")).AssertProblem(404), StringComparison.Ordinal);
        Assert.Contains("GET /", (await _demo.GetAsync("/nowhere")).AssertProblem(404), StringComparison.Ordinal);
        Assert.Contains("GET", (await _demo.SendAsync(HttpMethod.Delete, "/metrics")).AssertProblem(405), StringComparison.Ordinal);
        Assert.Contains("?wait=", (await _demo.PutAsync($"/users/{Data.Users[6].Id}?wait=forever", Body("Ada"))).AssertProblem(400), StringComparison.Ordinal);
        Assert.Contains("1 MB", (await _demo.PutAsync($"/users/{Data.Users[6].Id}", new byte[2_000_000])).AssertProblem(413), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_foreign_host_name_is_refused()
    {
        Assert.Contains("localhost", (await _demo.SendAsync(HttpMethod.Get, "/users", host: "evil.example")).AssertProblem(421), StringComparison.Ordinal);
        Assert.Equal(200, (await _demo.SendAsync(HttpMethod.Get, "/users", host: "localhost:1234")).Status);
    }

    [Fact]
    public async Task The_index_lists_the_routes_and_the_status_the_caches()
    {
        var index = Encoding.UTF8.GetString((await _demo.GetAsync("/")).Body);
        var topics = (await _demo.GetAsync("/topics")).Json;
        var users = (await _demo.GetAsync("/topics/users")).Json;

        Assert.All(["/users/{id}", "/sessions/{id}", "/metrics"], route => Assert.Contains(route, index, StringComparison.Ordinal));
        Assert.Equal(["organizations", "users", "sessions"], topics.EnumerateArray().Select(topic => topic.GetProperty("topic").GetString()));
        Assert.Equal("Ready", users.GetProperty("phase").GetString());
        Assert.Equal(4, users.GetProperty("partitions").GetArrayLength());
        (await _demo.GetAsync("/topics/unknown")).AssertProblem(404);
    }

    [Fact]
    public async Task Some_users_are_listed() => Assert.Equal(10, (await _demo.GetAsync("/users")).Json.GetArrayLength());

    [Fact]
    public async Task Metrics_show_every_partition_of_every_topic()
    {
        var metrics = Encoding.UTF8.GetString((await _demo.GetAsync("/metrics")).Body);

        foreach (var topic in (string[])["organizations", "users", "sessions"])
        {
            Assert.Contains($"kafkacache_ready{{cache=\"{topic}\",topic=\"{topic}\"}} 1\n", metrics, StringComparison.Ordinal);
            for (var partition = 0; partition < 4; partition++)
                Assert.Contains($"kafkacache_lag{{cache=\"{topic}\",topic=\"{topic}\",partition=\"{partition}\"}} ", metrics, StringComparison.Ordinal);
        }
    }

    private static byte[] Body(string name) =>
        JsonSerializer.SerializeToUtf8Bytes(new { email = "ada@example.com", displayName = name, groups = Array.Empty<Guid>() });

    public sealed class Sample : IAsyncLifetime
    {
        internal DemoUnderTest Demo { get; private set; } = null!;

        public async ValueTask InitializeAsync() => Demo = await DemoUnderTest.StartReadyAsync();

        public async ValueTask DisposeAsync() => await Demo.DisposeAsync();
    }
}
