using KafkaCaching.Tests.Brokers;
using KafkaCaching.Tests.Hosting;

namespace KafkaCaching.Tests.Views;

/// <summary>Tests the reads and the status of a view.</summary>
public sealed class ViewTests(EmbeddedBrokerFixture broker)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_session_is_read_with_its_user_and_the_users_organizations()
    {
        await using var sample = await FilledAsync();
        Assert.Equal("ada 1|acme,birch 1|Acme;Birch", sample.View.Get("s1"));
        Assert.True(sample.View.TryGet("s2", out var other));
        Assert.Equal("bob 1|-|", other);
        Assert.False(sample.View.TryGet("s3", out var none));
        Assert.Null(none);
        Assert.Null(sample.View.Get("s3"));
        Assert.Equal(sample.Recomputed(), sample.View.Scan().ToDictionary());
    }

    [Fact]
    public async Task A_read_sees_what_a_put_to_any_of_the_caches_has_applied()
    {
        await using var sample = await FilledAsync();
        await SampleView.PutAsync(sample.Users, "bob", "birch,none 1");
        Assert.Equal("bob 1|birch,none 1|Birch", sample.View.Get("s2"));
        await SampleView.PutAsync(sample.Organizations, "birch", null);
        Assert.Equal("bob 1|birch,none 1|", sample.View.Get("s2"));
        await SampleView.PutAsync(sample.Sessions, "s2", "ada 2");
        Assert.Equal("ada 2|acme,birch 1|Acme", sample.View.Get("s2"));
    }

    [Fact]
    public async Task An_index_of_the_first_cache_finds_joined_values()
    {
        await using var sample = await FilledAsync();
        await SampleView.PutAsync(sample.Sessions, "s3", "ada 3");
        Assert.Equal(
            [KeyValuePair.Create("s1", "ada 1|acme,birch 1|Acme;Birch"), KeyValuePair.Create("s3", "ada 3|acme,birch 1|Acme;Birch")],
            sample.View.Find("user", "ada").OrderBy(static found => found.Key, StringComparer.Ordinal));
        Assert.Empty(sample.View.Find("user", "nobody"));
    }

    [Fact]
    public async Task A_wait_names_the_cache_that_its_position_belongs_to()
    {
        await using var sample = await FilledAsync();
        var put = await sample.Users.PutAsync("bob", "acme 1", cancellationToken: Token);
        await sample.View.WaitUntilAppliedAsync("users", put.Position, Token);
        Assert.Equal("bob 1|acme 1|Acme", sample.View.Get("s2"));
    }

    [Fact]
    public async Task A_read_throws_what_the_cache_throws_that_can_not_be_read()
    {
        await using var sample = await FilledAsync(static users => users.OnRecordError = RecordErrorPolicy.Quarantine);
        await broker.Kafka.ProduceAsync(sample.Users.Topic, new TestRecord("ada"u8.ToArray(), [0xff]));
        await Eventually.TrueAsync(() => sample.Users.Status.RecordErrors == 1);
        Assert.Throws<RecordErrorException>(() => sample.View.Get("s1"));
        Assert.Equal("bob 1|-|", sample.View.Get("s2"));

        await sample.Users.DisposeAsync();
        Assert.Throws<ObjectDisposedException>(() => sample.View.Get("s2"));
        Assert.Equal((CachePhase.Stopped, "users"), (sample.View.Status.Phase, sample.View.Status.Cache));
    }

    [Fact]
    public async Task A_view_is_not_ready_before_all_of_its_caches_are()
    {
        await using var ready = await Replay.TestCaches.ReadyAsync(broker.BootstrapServers, broker.CreateTopic());
        await using var unready = KafkaCache.Create(TestOptions.For("localhost:1", "users"));
        var view = KafkaCacheView.From(ready).Join(unready, static session => session).Select("views", static (s, u) => $"{s}{u}");
        Assert.NotEqual(CachePhase.Ready, view.Status.Phase);
        Assert.Equal("users", view.Status.Cache);

        var late = await Assert.ThrowsAsync<TimeoutException>(() => view.WaitUntilReadyAsync(TimeSpan.FromMilliseconds(50), Token));
        Assert.Contains("'users'", late.Message, StringComparison.Ordinal);
        using var stop = new CancellationTokenSource();
        var wait = view.WaitUntilReadyAsync(stop.Token);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => wait);

        await unready.DisposeAsync();
        await Assert.ThrowsAsync<ObjectDisposedException>(() => view.WaitUntilReadyAsync(Token));
    }

    [Theory]
    [InlineData(CachePhase.Ready, CachePhase.Ready, "sessions")]
    [InlineData(CachePhase.Ready, CachePhase.Rebuilding, "users")]
    [InlineData(CachePhase.Stale, CachePhase.Rebuilding, "sessions")]
    [InlineData(CachePhase.Stale, CachePhase.Replaying, "users")]
    [InlineData(CachePhase.Starting, CachePhase.Replaying, "sessions")]
    [InlineData(CachePhase.Starting, CachePhase.Faulted, "users")]
    [InlineData(CachePhase.Stopped, CachePhase.Faulted, "sessions")]
    public void The_state_is_that_of_the_least_healthy_cache(CachePhase sessions, CachePhase users, string worst)
    {
        var status = FakeCache.StatusOf(users) with { Reason = users == CachePhase.Ready ? null : "It has one." };
        var view = KafkaCacheView.From(new FakeCache("sessions", FakeCache.StatusOf(sessions)))
            .Join(new FakeCache("users", status), static session => session)
            .Select("views", static (session, user) => $"{session}{user}");
        Assert.Equal((worst == "users" ? users : sessions, worst), (view.Status.Phase, view.Status.Cache));
        Assert.Equal(worst == "users" ? status.Reason : null, view.Status.Reason);
    }

    [Fact]
    public void A_cache_that_is_joined_twice_is_one_cache()
    {
        var users = new FakeCache("users", FakeCache.StatusOf(CachePhase.Ready))
        {
            Find = static key => new CacheEntry<string>($"{key}+", 0, 0, default),
        };
        var view = KafkaCacheView.From(users)
            .Join(users, static user => user)
            .Join(users, static (_, manager) => manager)
            .JoinMany(users, static (user, _, _) => user.Select(static letter => $"{letter}"))
            .Select("managers", static (user, manager, above, letters) => $"{user} {manager} {above} {string.Join(' ', letters)}");
        Assert.Equal("ab+ ab++ ab+++ a+ b+ ++", view.Get("ab"));
        Assert.Equal([users], view.Caches);
        Assert.Equal("managers", view.Name);
    }

    [Fact]
    public void A_read_allocates_nothing_but_the_joined_value()
    {
        var entry = new CacheEntry<string>("1", 0, 0, default);
        var sessions = new FakeCache("sessions", FakeCache.StatusOf(CachePhase.Ready)) { Find = _ => entry };
        var users = new FakeCache("users", FakeCache.StatusOf(CachePhase.Ready)) { Find = _ => entry };
        var view = KafkaCacheView.From(sessions)
            .Join(users, static session => session)
            .Select("views", static (session, user) => (session, user));
        Assert.Equal(("1", "1"), view.Get("a"));

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 100; i++)
            _ = view.Get("a");
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private async Task<SampleView> FilledAsync(Action<KafkaCacheOptions<string, string>>? users = null)
    {
        var sample = await SampleView.StartAsync(broker, users);
        await SampleView.PutAsync(sample.Organizations, "acme", "Acme");
        await SampleView.PutAsync(sample.Organizations, "birch", "Birch");
        await SampleView.PutAsync(sample.Users, "ada", "acme,birch 1");
        await SampleView.PutAsync(sample.Sessions, "s1", "ada 1");
        await SampleView.PutAsync(sample.Sessions, "s2", "bob 1");
        return sample;
    }
}
