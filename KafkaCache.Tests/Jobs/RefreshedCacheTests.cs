using KafkaCaching.Jobs;
using KafkaCaching.Tests.Brokers;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;

namespace KafkaCaching.Tests.Jobs;

public sealed class RefreshedCacheTests(RealBrokerFixture real)
{
    private readonly PriceSource _source = new();
    private readonly string _topic = TestKafka.UniqueTopic("prices");

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task One_instance_fetches_and_all_serve_its_rows_found_listed_and_grouped()
    {
        var kafka = await real.ConnectAsync();
        await using var first = await StartAsync(kafka);
        await using var second = await StartAsync(kafka);

        Assert.Equal(1, _source.Fetches);
        foreach (var snapshot in new[] { first.Prices.Current, second.Prices.Current })
        {
            Assert.Equal((1, 3), (snapshot.Version, snapshot.Count));
            Assert.Equal("name-000002", snapshot.Find("sku-1")!.Name);
            Assert.Null(snapshot.Find("sku-9"));
            Assert.False(snapshot.TryFind("sku-9", out _));
            Assert.Equal(["sku-2", "sku-1", "sku-0"], snapshot.Keys);
            Assert.Equal(snapshot.Keys, snapshot.Items.Select(static one => one.Sku));
            Assert.Equal(["sku-2", "sku-0"], snapshot.Group("shop", 0).Select(static one => one.Sku));
            Assert.Empty(snapshot.Group("shop", 7));
            Assert.Equal([0, 1], snapshot.GroupValues<int>("shop").Order());
            Assert.Throws<ArgumentException>(() => snapshot.Group("town", 0));
        }

        Assert.True(first.Prices.Status.IsLeader);
        Assert.False(second.Prices.Status.IsLeader);
        var leader = first.Prices.Status.Leader!;
        Assert.Equal(leader, second.Prices.Status.Leader);
        Assert.StartsWith(Environment.MachineName, leader.Instance, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Any_instance_can_ask_for_a_refresh_and_rows_that_have_vanished_are_gone_in_all()
    {
        var kafka = await real.ConnectAsync();
        await using var leader = await StartAsync(kafka);
        await using var other = await StartAsync(kafka);
        var before = other.Prices.Current;
        _source.Rows = static fetch => PriceSource.Of(fetch, count: 3, from: 2);

        await other.Prices.RefreshAsync(Stop);

        var now = other.Prices.Current;
        Assert.Equal((2, 3), (now.Version, now.Count));
        Assert.Null(now.Find("sku-0"));
        Assert.NotNull(now.Find("sku-4"));
        Assert.NotNull(before.Find("sku-0"));
        Assert.Equal(1, before.Version);
        Assert.Equal((2L, 1L, 2L), (other.Prices.Status.Added, other.Prices.Status.Changed, other.Prices.Status.Removed));
        await Eventually.TrueAsync(() => leader.Prices.Current.Version == 2);
        Assert.Null(leader.Prices.Current.Find("sku-0"));

        await using var cold = await StartAsync(kafka);
        Assert.Equal(now.Items, cold.Prices.Current.Items);
    }

    [Theory]
    [InlineData("a null row", "row 2 is null")]
    [InlineData("a null ID", "the ID of row 2 is null")]
    [InlineData("an ID twice", "the ID of row 2 occurs twice")]
    [InlineData("a reserved ID", "begins with the prefix of the keys that the cache reserves")]
    [InlineData("no rows", "it has no rows")]
    [InlineData("shrunk", "MaxShrink")]
    [InlineData("large", "MaxSnapshotBytes")]
    [InlineData("a large row", "MaxRowBytes")]
    [InlineData("throws", "the source is away")]
    [InlineData("throws at length", "the source is away")]
    public async Task A_refused_fetch_leaves_the_old_version_and_states_the_reason(string what, string reason)
    {
        var kafka = await real.ConnectAsync();
        _source.Rows = static fetch => PriceSource.Of(fetch, count: 10);
        await using var pod = await StartAsync(kafka, static o => (o.MaxShrink, o.MaxSnapshotBytes, o.MaxRowBytes) = (0.3, 20_000, 1_000));
        _source.Rows = fetch => Bad(what, fetch);

        var failure = await Assert.ThrowsAsync<RefreshFailedException>(() => pod.Prices.RefreshAsync(Stop));

        Assert.Contains(reason, failure.Message, StringComparison.Ordinal);
        Assert.Equal((1, 10), (pod.Prices.Current.Version, pod.Prices.Current.Count));
        Assert.Contains(reason, pod.Prices.Status.LastFailure, StringComparison.Ordinal);
        _source.Rows = static fetch => PriceSource.Of(fetch, count: 11);
        await pod.Prices.RefreshAsync(Stop);
        Assert.Equal((2, 11), (pod.Prices.Current.Version, pod.Prices.Current.Count));
        Assert.Null(pod.Prices.Status.LastFailure);
    }

    [Fact]
    public async Task A_version_that_lacks_as_many_rows_as_MaxShrink_allows_is_served()
    {
        var kafka = await real.ConnectAsync();
        _source.Rows = static fetch => PriceSource.Of(fetch, count: fetch == 1 ? 100 : 55);
        await using var pod = await StartAsync(kafka, static o => o.MaxShrink = 0.45);
        await pod.Prices.RefreshAsync(Stop);
        Assert.Equal((2, 55), (pod.Prices.Current.Version, pod.Prices.Current.Count));
    }

    [Fact]
    public async Task A_refresh_whose_write_the_brokers_refuse_has_failed_and_is_not_repeated_at_once()
    {
        var kafka = await real.ConnectAsync();
        await using var pod = await StartAsync(kafka, o =>
        {
            o.RefreshTimeout = TimeSpan.FromSeconds(20);
            o.Fetch = async (fetch, stop) =>
            {
                var rows = await _source.FetchAsync(fetch, stop);
                if (_source.Fetches > 1)
                    await FenceAsync(kafka, stop); // Simulates a transaction that takes too long.
                return rows;
            };
        });
        var failure = await Assert.ThrowsAsync<RefreshFailedException>(() => pod.Prices.RefreshAsync(Stop));
        Assert.Contains("TransactionTimeout", failure.Message, StringComparison.Ordinal);
        Assert.Equal((2, 1), (_source.Fetches, pod.Prices.Current.Version));
    }

    [Fact]
    public async Task A_fetch_that_hangs_ends_with_its_time_out()
    {
        var kafka = await real.ConnectAsync();
        var isHung = false;
        await using var pod = await StartAsync(kafka, o =>
        {
            o.FetchTimeout = TimeSpan.FromSeconds(1);
            o.Fetch = (fetch, stop) => Volatile.Read(ref isHung)
                ? new TaskCompletionSource<IReadOnlyCollection<Price>>().Task
                : _source.FetchAsync(fetch, stop);
        });
        Volatile.Write(ref isHung, true);
        var failure = await Assert.ThrowsAsync<RefreshFailedException>(() => pod.Prices.RefreshAsync(Stop));
        Assert.Contains("FetchTimeout", failure.Message, StringComparison.Ordinal);
        Assert.Equal(1, pod.Prices.Current.Version);
    }

    [Fact]
    public async Task A_failed_fetch_is_tried_again()
    {
        var kafka = await real.ConnectAsync();
        _source.Rows = static fetch => fetch < 3 ? throw new InvalidOperationException("not yet") : PriceSource.Of(fetch, count: 2);
        await using var pod = await StartAsync(kafka, static o => (o.Retries, o.RetryDelay) = (3, TimeSpan.FromMilliseconds(10)));
        Assert.Equal(3, _source.Fetches);
        Assert.Equal(2, pod.Prices.Current.Count);
    }

    [Fact]
    public async Task When_the_leader_has_gone_another_instance_refreshes_and_versions_continue()
    {
        var kafka = await real.ConnectAsync();
        await using var first = await StartAsync(kafka, static o => o.Every = TimeSpan.FromSeconds(1));
        await using var second = await StartAsync(kafka, static o => o.Every = TimeSpan.FromSeconds(1));
        await Eventually.TrueAsync(() => second.Prices.Current.Version >= 2);
        await first.StopAsync();
        var version = second.Prices.Current.Version;

        await Eventually.TrueAsync(() => second.Prices.Current.Version >= version + 2);
        Assert.True(second.Prices.Status.IsLeader);
        Assert.NotNull(second.Prices.Status.NextRefresh);
        Assert.False(first.Prices.Status.IsLeader);
        Assert.NotNull(first.Prices.Current.Find("sku-0"));
    }

    [Fact]
    public async Task A_version_of_an_instance_whose_clock_was_ahead_does_not_hold_back_the_next_refresh()
    {
        var kafka = await real.ConnectAsync();
        await using var ahead = await StartAsync(kafka, time: new ShiftedClock(TimeSpan.FromDays(1)));
        await ahead.StopAsync();
        await using var next = await StartAsync(kafka);
        await Eventually.TrueAsync(() => next.Prices.Current.Version == 2);
        Assert.InRange(next.Prices.Status.FetchedAt!.Value, DateTimeOffset.UtcNow.AddMinutes(-5), DateTimeOffset.UtcNow);
        Assert.True(next.Prices.Status.NextRefresh > DateTimeOffset.UtcNow.AddMinutes(30));
    }

    [Fact]
    public async Task While_the_source_fails_such_a_version_is_not_fetched_again_and_again()
    {
        var kafka = await real.ConnectAsync();
        await using var ahead = await StartAsync(kafka, time: new ShiftedClock(TimeSpan.FromDays(1)));
        await ahead.StopAsync();
        _source.Rows = static _ => throw new InvalidOperationException("the source is away");
        await using var next = await StartAsync(kafka);
        await Eventually.TrueAsync(() => next.Prices.Status.NextRefresh > DateTimeOffset.UtcNow.AddSeconds(30));
        Assert.Equal(2, _source.Fetches);
    }

    [Fact]
    public async Task A_refresh_writes_what_has_changed_and_nothing_else()
    {
        var kafka = await real.ConnectAsync();
        var rows = PriceSource.Of(0, count: 1_000);
        _source.Rows = fetch => [.. rows.Select((row, i) => i % 100 == 0 ? row with { Fetch = fetch } : row)];
        await using var pod = await StartAsync(kafka);
        var end = await kafka.EndOffsetAsync(_topic, 0);
        await pod.Prices.RefreshAsync(Stop);

        // The request, the changed rows, the manifest and the commit marker.
        Assert.Equal(1 + 10 + 1 + 1, await kafka.EndOffsetAsync(_topic, 0) - end);
        Assert.Equal((0L, 10L, 0L), (pod.Prices.Status.Added, pod.Prices.Status.Changed, pod.Prices.Status.Removed));
    }

    [Fact]
    public async Task Rows_that_no_manifest_has_are_not_served_and_the_next_refresh_repairs_the_topic()
    {
        var kafka = await real.ConnectAsync();
        await using var pod = await StartAsync(kafka);
        await kafka.ProduceAsync(_topic, "sku-foreign", """{"sku":"sku-foreign","name":"x","shopId":1,"fetch":9}""");
        await using var cold = await StartAsync(kafka, waits: false);
        await Eventually.TrueAsync(() => cold.Prices.Status.Problem is not null);
        Assert.Throws<RefreshedCacheNotReadyException>(() => cold.Prices.Current);
        Assert.Equal(1, pod.Prices.Current.Version);

        await pod.Prices.RefreshAsync(Stop);
        await cold.Prices.WaitUntilReadyAsync(Stop);
        Assert.Equal((2, 3), (cold.Prices.Current.Version, cold.Prices.Current.Count));
    }

    [Fact]
    public async Task Too_old_a_version_is_degraded_and_none_is_unhealthy()
    {
        var kafka = await real.ConnectAsync();
        await using var pod = await StartAsync(kafka, static o => o.MaxAge = TimeSpan.FromSeconds(1));
        var health = pod.Services.GetRequiredService<HealthCheckService>();
        await Eventually.TrueAsync(
            async () => (await health.CheckHealthAsync(Stop)).Entries["kafkacache-refreshed"].Status == HealthStatus.Degraded,
            "the check is degraded");
        Assert.True(pod.Prices.Status.IsTooOld);

        await using var never = await StartAsync(
            kafka, o => o.Topic = _topic + "-never", source: new PriceSource { Rows = static _ => [] }, waits: false);
        var report = await never.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync(Stop);
        Assert.Equal(HealthStatus.Unhealthy, report.Entries["kafkacache-refreshed"].Status);
        await never.DisposeAsync();
        await Assert.ThrowsAsync<ObjectDisposedException>(() => never.Prices.WaitUntilReadyAsync(Stop));
    }

    [Fact]
    public async Task A_topic_that_is_not_compacted_stops_the_start()
    {
        var kafka = await real.ConnectAsync();
        await kafka.CreateTopicAsync(_topic, 1, ("cleanup.policy", "delete"));
        var failure = await Assert.ThrowsAsync<TopicRequirementsException>(() => StartAsync(kafka));
        Assert.Contains("cleanup.policy", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task All_faults_of_the_options_are_reported_at_once()
    {
        var starting = PricePod.StartAsync("", "not legal", _source, static o =>
        {
            (o.Key, o.Fetch, o.Every, o.Cron, o.MaxShrink) = (null, null, null, "every day", 2);
            o.FetchTimeout = TimeSpan.Zero;
            o.Group("shop", static one => one.Name);
        });
        var failure = await Assert.ThrowsAnyAsync<OptionsValidationException>(() => starting);
        string[] named = ["Key is", "Fetch is", "Cron is", "MaxShrink is", "FetchTimeout is", "Group 'shop'", "Topic", "BootstrapServers"];
        Assert.All(named, name => Assert.Contains(name, failure.Message, StringComparison.Ordinal));
    }

    private Task<PricePod> StartAsync(
        TestKafka kafka, Action<RefreshedCacheOptions<string, Price>>? configure = null, PriceSource? source = null, bool waits = true,
        TimeProvider? time = null) =>
        PricePod.StartAsync(kafka.BootstrapServers, _topic, source ?? _source, configure, waits, time);

    private async Task FenceAsync(TestKafka kafka, CancellationToken stop)
    {
        await using var writer = await FencedWriter.FenceAsync(
            new FencedWriterOptions { BootstrapServers = kafka.BootstrapServers, Topic = _topic, Id = $"{_topic}.refresh" },
            cancellationToken: stop);
    }

    private static IReadOnlyCollection<Price> Bad(string what, long fetch)
    {
        var rows = PriceSource.Of(fetch, count: 10).ToList();
        switch (what)
        {
            case "a null row":
                rows[1] = null!;
                break;
            case "a null ID":
                rows[1] = rows[1] with { Sku = null! };
                break;
            case "an ID twice":
                rows[1] = rows[0];
                break;
            case "a reserved ID":
                rows[1] = rows[1] with { Sku = "\0kafkacache/manifest" };
                break;
            case "no rows":
                return [];
            case "shrunk":
                return rows[..6];
            case "large":
                return PriceSource.Of(fetch, count: 1_000);
            case "throws at length":
                throw new InvalidOperationException($"the source is away: {new string('x', 2_000_000)}");
            case "a large row":
                rows[1] = rows[1] with { Name = new string('x', 2_000) };
                break;
            default:
                throw new InvalidOperationException("the source is away");
        }

        return rows;
    }

    private sealed class ShiftedClock(TimeSpan ahead) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + ahead;
    }
}
