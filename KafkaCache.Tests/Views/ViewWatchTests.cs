using KafkaCaching.Testing;
using KafkaCaching.Tests.Brokers;
using KafkaCaching.Tests.Replay;

namespace KafkaCaching.Tests.Views;

/// <summary>Tests watches of a view.</summary>
public sealed class ViewWatchTests(EmbeddedBrokerFixture broker)
{
    private const int FannedOut = 10_000;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_watch_reports_what_is_there_then_ready_then_each_change_of_any_cache()
    {
        await using var sample = await SampleView.StartAsync(broker);
        await SampleView.PutAsync(sample.Users, "ada", "acme 1");
        await SampleView.PutAsync(sample.Sessions, "s1", "ada 1");
        await using var watch = new ViewReader(sample.View);
        Assert.Equal(["Initial s1 by sessions: - > ada 1|acme 1|", "Ready"], await watch.NextAsync(2));

        await SampleView.PutAsync(sample.Users, "ada", "acme 2");
        Assert.Equal(["Set s1 by users: ada 1|acme 1| > ada 1|acme 2|"], await watch.NextAsync(1));
        Assert.Equal(new CachePosition(0, 1), watch.Last.Position);
        await SampleView.PutAsync(sample.Organizations, "acme", "Acme");
        Assert.Equal(["Set s1 by organizations: ada 1|acme 2| > ada 1|acme 2|Acme"], await watch.NextAsync(1));
        await SampleView.PutAsync(sample.Sessions, "s1", "bob 2");
        Assert.Equal(["Set s1 by sessions: ada 1|acme 2|Acme > bob 2|-|"], await watch.NextAsync(1));

        // No session depends on ada any more.
        await SampleView.PutAsync(sample.Users, "ada", "acme 3");
        await SampleView.PutAsync(sample.Users, "bob", "acme 1");
        Assert.Equal(["Set s1 by users: bob 2|-| > bob 2|acme 1|Acme"], await watch.NextAsync(1));
        await SampleView.PutAsync(sample.Users, "bob", null);
        Assert.Equal(["Set s1 by users: bob 2|acme 1|Acme > bob 2|-|"], await watch.NextAsync(1));
        await SampleView.PutAsync(sample.Sessions, "s1", null);
        Assert.Equal(["Removed s1 by sessions: bob 2|-| > -"], await watch.NextAsync(1));

        await SampleView.PutAsync(sample.Users, "bob", "acme 4");
        await SampleView.PutAsync(sample.Sessions, "s2", "bob 1");
        Assert.Equal(["Set s2 by sessions: - > bob 1|acme 4|Acme"], await watch.NextAsync(1));
    }

    // While the initial content is read, the changes of the users are pending and are merged.
    [Fact]
    public async Task A_value_is_joined_again_when_a_related_entry_is_gone_that_came_and_went_while_the_watch_was_behind()
    {
        await using var sample = await SampleView.StartAsync(broker);
        await SampleView.PutAsync(sample.Sessions, "s1", "ada 1");
        await SampleView.PutAsync(sample.Sessions, "s2", "bob 1");
        await using var watch = new ViewReader(sample.View, new WatchOptions<string> { MaxPending = 1 });
        Assert.Equal(["Initial s1 by sessions: - > ada 1|-|"], await watch.NextAsync(1));

        await SampleView.PutAsync(sample.Users, "bob", "acme 1");
        await SampleView.PutAsync(sample.Users, "eve", "acme 1");
        Assert.Equal(["Initial s2 by sessions: - > bob 1|acme 1|"], await watch.NextAsync(1));
        await SampleView.PutAsync(sample.Users, "bob", null);
        Assert.Equal(["Ready", "Set s2 by users: bob 1|acme 1| > bob 1|-|"], await watch.NextAsync(2));
    }

    [Fact]
    public async Task An_empty_view_is_reported_as_ready_and_each_cache_has_one_watcher_until_the_watch_ends()
    {
        await using var sample = await SampleView.StartAsync(broker);
        KafkaCache<string, string>[] caches = [sample.Sessions, sample.Users, sample.Organizations];
        await using (var watch = new ViewReader(sample.View))
        {
            Assert.Equal(["Ready"], await watch.NextAsync(1));
            Assert.Equal([1, 1, 1], caches.Select(static cache => cache.Status.Watchers));
        }

        await Eventually.TrueAsync(() => caches.All(static cache => cache.Status.Watchers == 0));
    }

    [Fact]
    public async Task Filters_apply_to_the_keys_of_the_view_and_the_content_can_be_left_out()
    {
        await using var sample = await SampleView.StartAsync(broker);
        await SampleView.PutAsync(sample.Sessions, "eu/1", "ada 1");
        await SampleView.PutAsync(sample.Sessions, "eu/2", "ada 2");
        await SampleView.PutAsync(sample.Sessions, "us/1", "ada 3");
        await using var watch = new ViewReader(
            sample.View,
            new WatchOptions<string> { KeyPrefix = "eu/"u8.ToArray(), Where = static key => key != "eu/2", SkipInitial = true });
        Assert.Equal(["Ready"], await watch.NextAsync(1));

        await SampleView.PutAsync(sample.Users, "ada", "1");
        await SampleView.PutAsync(sample.Sessions, "us/1", "ada 4");
        await SampleView.PutAsync(sample.Sessions, "eu/1", "ada 5");
        Assert.Equal(["Set eu/1 by users: ada 1|-| > ada 1|1|", "Set eu/1 by sessions: ada 1|1| > ada 5|1|"], await watch.NextAsync(2));
    }

    [Fact]
    public async Task A_change_of_an_entry_that_a_value_is_joined_with_twice_is_one_change()
    {
        await using var sample = await SampleView.StartAsync(broker);
        var view = KafkaCacheView.From(sample.Sessions)
            .Join(sample.Users, SampleView.UserOf)
            .JoinMany(sample.Users, static (session, _) => session.Split(' '))
            .Select("views", SampleView.Join);
        await SampleView.PutAsync(sample.Sessions, "s1", "ada ada");
        await using var watch = new ViewReader(view);
        Assert.Equal("Ready", (await watch.NextAsync(2))[^1]);
        await SampleView.PutAsync(sample.Users, "ada", "1");
        Assert.Equal(["Set s1 by users: ada ada|-| > ada ada|1|1;1"], await watch.NextAsync(1));
        await SampleView.PutAsync(sample.Users, "ada", "2");
        Assert.Equal(["Set s1 by users: ada ada|1|1;1 > ada ada|2|2;2"], await watch.NextAsync(1));
    }

    [Fact]
    public async Task An_entry_that_is_quarantined_counts_as_missing_until_a_good_record_comes()
    {
        await using var sample = await SampleView.StartAsync(broker, static users => users.OnRecordError = RecordErrorPolicy.Quarantine);
        await SampleView.PutAsync(sample.Users, "ada", "1");
        await SampleView.PutAsync(sample.Sessions, "s1", "ada 1");
        await using var watch = new ViewReader(sample.View);
        Assert.Equal("Ready", (await watch.NextAsync(2))[^1]);

        await broker.Kafka.ProduceAsync(sample.Users.Topic, new TestRecord("ada"u8.ToArray(), [0xff]));
        Assert.Equal(["Set s1 by users: ada 1|1| > ada 1|-|"], await watch.NextAsync(1));
        await SampleView.PutAsync(sample.Sessions, "s2", "ada 2");
        Assert.Equal(["Set s2 by sessions: - > ada 2|-|"], await watch.NextAsync(1));
        await SampleView.PutAsync(sample.Users, "ada", "2");
        Assert.Equal(
            ["Set s1 by users: ada 1|-| > ada 1|2|", "Set s2 by users: ada 2|-| > ada 2|2|"],
            (await watch.NextAsync(2)).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_watch_ends_with_its_token_and_with_the_fault_of_any_cache()
    {
        await using var sample = await SampleView.StartAsync(broker, static users => users.Decode = DecodeMode.OnReplay);
        using var stop = new CancellationTokenSource();
        await using var stopped = new ViewReader(sample.View, token: stop.Token);
        await using var faulted = new ViewReader(sample.View);
        Assert.Equal("Ready", (await stopped.NextAsync(1))[0]);
        Assert.Equal("Ready", (await faulted.NextAsync(1))[0]);
        await SampleView.PutAsync(sample.Sessions, "s1", "ada 1");
        await stopped.NextAsync(1);
        await faulted.NextAsync(1);

        var last = stopped.NextAsync(1);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => last);
        await broker.Kafka.ProduceAsync(sample.Users.Topic, new TestRecord("ada"u8.ToArray(), [0xff]));
        await Assert.ThrowsAsync<CacheFaultedException>(() => faulted.NextAsync(1));
        await using var late = new ViewReader(sample.View);
        await Assert.ThrowsAsync<CacheFaultedException>(() => late.NextAsync(1));
        await Eventually.TrueAsync(() => sample.Sessions.Status.Watchers + sample.Organizations.Status.Watchers == 0);
    }

    [Fact]
    public async Task A_watch_ends_with_the_end_of_any_cache()
    {
        await using var sample = await SampleView.StartAsync(broker);
        await using var watch = new ViewReader(sample.View);
        Assert.Equal(["Ready"], await watch.NextAsync(1));
        var next = watch.NextAsync(1);
        await sample.Organizations.DisposeAsync();
        await Assert.ThrowsAsync<ObjectDisposedException>(() => next);
        await Eventually.TrueAsync(() => sample.Sessions.Status.Watchers + sample.Users.Status.Watchers == 0);
    }

    [Fact]
    public async Task Of_changes_that_come_together_the_latest_is_reported_with_what_was_reported_before()
    {
        await using var sample = await SampleView.StartAsync(broker);
        await SampleView.PutAsync(sample.Sessions, "s1", "ada 1");
        await using var watch = new ViewReader(sample.View);
        Assert.Equal("Ready", (await watch.NextAsync(2))[^1]);
        for (var i = 1; i <= 3; i++)
            await SampleView.PutAsync(sample.Users, "ada", $"{i}");
        Assert.Equal(["Set s1 by users: ada 1|-| > ada 1|3|"], await watch.NextAsync(1));
        await SampleView.PutAsync(sample.Sessions, "s1", "ada 2");
        Assert.Equal(["Set s1 by sessions: ada 1|3| > ada 2|3|"], await watch.NextAsync(1));
    }

    [Fact]
    public async Task A_slow_watcher_that_fails_learns_which_cache_was_too_fast()
    {
        await using var sample = await SampleView.StartAsync(broker);
        await SampleView.PutAsync(sample.Sessions, "s1", "ada 1");
        await using var watch = new ViewReader(
            sample.View, new WatchOptions<string> { MaxPending = 2, Overflow = WatchOverflow.Fail });
        Assert.Equal("Ready", (await watch.NextAsync(2))[^1]);
        for (var i = 0; i < 5; i++)
            await SampleView.PutAsync(sample.Users, "ada", $"{i}");
        var failure = await Assert.ThrowsAsync<WatchOverflowException>(() => watch.NextAsync(5));
        Assert.Contains("'users'", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task After_a_rebuild_of_a_cache_the_values_that_differ_are_reported()
    {
        await using var own = EmbeddedBroker.Start();
        own.CreateTopic("users");
        using var kafka = new TestKafka(own.BootstrapServers);
        await kafka.ProduceAsync("users", TestRecord.Of("ada", "1"), TestRecord.Of("bob", "1"));
        await using var users = await TestCaches.ReadyAsync(own.BootstrapServers, "users");
        await using var sessions = await TestCaches.ReadyAsync(
            broker.BootstrapServers, broker.CreateTopic(), static options => options.ReadOnly = false);
        await SampleView.PutAsync(sessions, "s1", "ada");
        await SampleView.PutAsync(sessions, "s2", "bob");
        var view = KafkaCacheView.From(sessions).Join(users, static user => user).Select("views", static (s, u) => $"{s}|{u}");
        await using var watch = new ViewReader(view);
        Assert.Equal("Ready", (await watch.NextAsync(3))[^1]);

        own.DeleteTopic("users");
        own.CreateTopic("users", partitions: 2);
        using var again = new TestKafka(own.BootstrapServers);
        await again.ProduceAsync("users", TestRecord.Of("bob", "2") with { Partition = 1 });

        // The cache may have read the new topic while it was still empty.
        var lines = new List<string>();
        while (!lines.Contains("Set s1 by users: ada|1 > ada| rebuilt")
            || !lines.Exists(static line => line.Contains("> bob|2", StringComparison.Ordinal)))
            lines.AddRange(await watch.NextAsync(1));
        Assert.Contains(lines, static line => line is
            "Set s2 by users: bob|1 > bob|2 rebuilt" or "Set s2 by users: bob|1 > bob| rebuilt");
    }

    [Fact]
    public async Task A_change_that_comes_while_an_entry_is_read_for_the_first_time_is_not_missed()
    {
        await using var sample = await SampleView.StartAsync(broker);
        await SampleView.PutAsync(sample.Users, "ada", "1");
        var users = ChangedInRead.Of(sample.Users, "ada", "2");
        await using var watch = new ViewReader(SampleView.Of(sample.Sessions, users, sample.Organizations));
        Assert.Equal(["Ready"], await watch.NextAsync(1));

        await SampleView.PutAsync(sample.Sessions, "s1", "ada 1");
        Assert.Equal(
            ["Set s1 by sessions: - > ada 1|1|", "Set s1 by users: ada 1|1| > ada 1|2|"], await watch.NextAsync(2));
    }

    [Fact]
    public async Task A_change_of_a_user_with_ten_thousand_sessions_is_ten_thousand_changes()
    {
        await using var sample = await SampleView.StartAsync(broker);
        await SampleView.PutAsync(sample.Users, "ada", "1");
        await sample.Sessions.PutManyAsync(
            Enumerable.Range(0, FannedOut).Select(static i => KeyValuePair.Create($"s{i}", $"ada {i}")), PutWait.Applied, Token);
        await using var watch = new ViewReader(sample.View, new WatchOptions<string> { SkipInitial = true });
        Assert.Equal("Ready", (await watch.NextAsync(1))[0]);

        await SampleView.PutAsync(sample.Users, "ada", "2");
        await SampleView.PutAsync(sample.Sessions, "last", "ada 0");
        var lines = await watch.NextAsync(FannedOut + 1);
        Assert.Equal(
            Enumerable.Range(0, FannedOut).Select(static i => $"Set s{i} by users: ada {i}|1| > ada {i}|2|")
                .Append("Set last by sessions: - > ada 0|2|").Order(StringComparer.Ordinal),
            lines.Order(StringComparer.Ordinal));
        Assert.Equal(sample.Recomputed(), sample.View.Scan().ToDictionary());
    }
}
