using System.Text;
using KafkaCaching.Hybrid;
using KafkaCaching.Hybrid.Records;
using KafkaCaching.Logs;
using KafkaCaching.Testing;
using KafkaCaching.Tests.Brokers;

namespace KafkaCaching.Tests.Hybrid.Openings;

/// <summary>Open tags in several pods, and how they are closed.</summary>
public sealed class OpenTagsTests : IAsyncLifetime
{
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(30);

    private readonly FakeTimeProvider _clock = new(new DateTimeOffset(2030, 1, 1, 0, 0, 0, TimeSpan.Zero));
    private readonly InMemoryTopic _topic;
    private readonly List<HybridPod> _pods = [];

    public OpenTagsTests() => _topic = new InMemoryTopic(partitions: 3, _clock, "web");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_has_an_open_tag_is_neither_served_nor_stored_in_any_pod_until_it_is_closed()
    {
        var (one, two) = (await StartAsync(), await StartAsync());
        await FillAsync(one, "a", "t");
        await FillAsync(one, "b", "other");
        await _topic.SettleAsync(Token);
        var opening = await one.OpenTagsAsync(["t"], Lease, Token);
        await _topic.SettleAsync(Token);
        foreach (var pod in new[] { one, two })
        {
            Assert.False(pod.TryGet<string>("a", out _));
            Assert.True(pod.TryGet<string>("b", out _));
            var read = await pod.GetOrCreateAsync("a", static _ => ValueTask.FromResult("new"), tags: ["t"], cancellationToken: Token);
            Assert.Equal("new", read);
            Assert.False(pod.TryGet<string>("a", out _));
        }

        opening.Close();
        await CloseIsAppliedAsync();
        foreach (var pod in new[] { one, two })
        {
            Assert.True(pod.TryGet<string>("a", out var value));
            Assert.Equal("v", value);
        }
    }

    [Fact]
    public async Task A_tag_that_two_commits_have_open_is_closed_by_the_second_alone_in_one_pod_and_in_two()
    {
        var (one, two) = (await StartAsync(), await StartAsync());
        await FillAsync(one, "a", "t");
        HybridOpening[] openings = [
            await one.OpenTagsAsync(["t"], Lease, Token), await two.OpenTagsAsync(["t"], Lease, Token),
            await one.OpenTagsAsync(["t", "u"], Lease, Token),
        ];
        foreach (var opening in openings)
        {
            await _topic.SettleAsync(Token);
            Assert.False(one.TryGet<string>("a", out _));
            Assert.False(two.TryGet<string>("a", out _));
            opening.Close();
            opening.Close();
            await CloseIsAppliedAsync();
        }

        Assert.True(one.TryGet<string>("a", out _));
        Assert.True(two.TryGet<string>("a", out _));
    }

    [Fact]
    public async Task All_openings_of_a_pod_are_in_one_record_however_many_there_are()
    {
        var pod = await StartAsync();
        for (var i = 0; i < 100; i++)
        {
            var opening = await pod.OpenTagsAsync([$"t{i}"], Lease, Token);
            await pod.RemoveByTagAsync("t", Token);
            opening.Close();
        }

        await CloseIsAppliedAsync();
        _topic.Compact();
        Assert.Single(OpenRecords().Select(static record => Encoding.UTF8.GetString(record.Key!)).Distinct());

        // One entry is the mark, and the other the record of the open tags.
        Assert.Equal(2, pod.Cache.Status.Entries);
    }

    [Fact]
    public async Task Openings_of_one_moment_share_a_write()
    {
        var log = new GatedLog(_topic);
        var pod = await StartAsync(log);
        log.Hold("\0open/");
        var openings = Enumerable.Range(0, 50).Select(i => pod.OpenTagsAsync([$"t{i}"], Lease, Token)).ToArray();
        await Eventually.TrueAsync(() => log.IsHolding);
        log.Release();
        await Task.WhenAll(openings);
        Assert.InRange(OpenRecords().Count, 1, 10);
    }

    [Fact]
    public async Task What_a_dead_pod_had_open_is_invalidated_by_others_when_its_lease_is_over()
    {
        var log = new GatedLog(_topic);
        var (dead, two, three) = (await StartAsync(log), await StartAsync(), await StartAsync());
        await FillAsync(two, "a", "t");
        await dead.OpenTagsAsync(["t"], Lease, Token);
        log.DieAt("\0");
        await _topic.SettleAsync(Token);
        _clock.Advance(TimeSpan.FromSeconds(1));
        _clock.Advance(Lease - TimeSpan.FromSeconds(2));
        await _topic.SettleAsync(Token);
        Assert.Empty(EndRecords());
        Assert.False(two.TryGet<string>("a", out _));

        await AdvanceUntilAsync(() => EndRecords().Count > 0);
        await _topic.SettleAsync(Token);
        Assert.True(Offset("\0tag/t") >= 0);
        foreach (var pod in new[] { two, three })
            Assert.False(pod.TryGet<string>("a", out _));
        await FillAsync(three, "a", "t");
        await _topic.SettleAsync(Token);
        Assert.True(two.TryGet<string>("a", out _));
        Assert.Contains(_pods.SelectMany(static pod => pod.Log.Logger.Lines), static line => line.Id == 528);
    }

    [Fact]
    public async Task The_marks_of_the_dead_come_before_their_end()
    {
        var log = new GatedLog(_topic);
        var (dead, ender) = (await StartAsync(log), new GatedLog(_topic));
        await StartAsync(ender);
        await dead.OpenTagsAsync(["t"], Lease, Token);
        log.DieAt("\0");
        await _topic.SettleAsync(Token);
        ender.Hold("\0tag/");
        await AdvanceUntilAsync(() => ender.IsHolding);
        Assert.Empty(EndRecords());
        ender.Release();
        await Eventually.TrueAsync(() => EndRecords().Count == 1);
    }

    [Fact]
    public async Task A_pod_that_starts_sees_what_the_dead_have_open_and_ends_it()
    {
        var log = new GatedLog(_topic);
        var dead = await StartAsync(log);
        await FillAsync(dead, "a", "t");
        await dead.OpenTagsAsync(["t"], Lease, Token);
        log.DieAt("\0");
        _topic.Compact();
        var late = await StartAsync();
        Assert.False(late.TryGet<string>("a", out _));
        await AdvanceUntilAsync(() => EndRecords().Count > 0);
        await _topic.SettleAsync(Token);
        Assert.False(late.TryGet<string>("a", out _));
        await FillAsync(late, "a", "t");
        Assert.True(late.TryGet<string>("a", out _));
    }

    [Fact]
    public async Task A_pod_that_lives_gives_signs_of_life_for_as_long_as_its_commit_takes()
    {
        var (one, two) = (await StartAsync(), await StartAsync());
        await FillAsync(one, "a", "t");
        await one.OpenTagsAsync(["t"], Lease, Token);
        for (var i = 0; i < 40; i++)
        {
            var number = OpenRecords().Count;
            _clock.Advance(Lease / 3);
            await Eventually.TrueAsync(() => OpenRecords().Count > number);
            await _topic.SettleAsync(Token);
            if (i < 29)
                Assert.Empty(EndRecords());
            if (OpenRecords()[^1].Value!.Length < OpenRecords()[0].Value!.Length)
                break;
        }

        // An opening that is never closed is ended by its own pod after ten leases.
        await AdvanceUntilAsync(() => Offset("\0tag/t") >= 0);
        await CloseIsAppliedAsync();
        Assert.Empty(EndRecords());
        Assert.False(two.TryGet<string>("a", out _));
        await FillAsync(two, "a", "t");
        Assert.True(two.TryGet<string>("a", out _));
    }

    [Fact]
    public async Task A_pod_that_was_frozen_for_longer_than_its_lease_opens_its_tags_again_before_it_commits()
    {
        var log = new GatedLog(_topic);
        var (frozen, two) = (await StartAsync(log), await StartAsync());
        await FillAsync(two, "a", "t");
        var opening = await frozen.OpenTagsAsync(["t"], Lease, Token);
        log.Hold("\0open/");
        await _topic.SettleAsync(Token);
        await AdvanceUntilAsync(() => EndRecords().Count > 0);
        await _topic.SettleAsync(Token);
        await FillAsync(two, "a", "t");
        Assert.True(two.TryGet<string>("a", out _));

        var look = opening.RequireAsync(Token);
        Assert.False(look.IsCompleted);
        log.Release();
        await look;
        await _topic.SettleAsync(Token);
        Assert.False(two.TryGet<string>("a", out _));
        opening.Close();
    }

    [Fact]
    public async Task A_late_end_does_not_end_what_its_pod_has_opened_since()
    {
        var (one, two) = (await StartAsync(), await StartAsync());
        await FillAsync(two, "a", "t");
        var opening = await one.OpenTagsAsync(["t"], Lease, Token);
        var first = OpenRecords()[^1];
        opening.Close();
        await CloseIsAppliedAsync();
        await one.OpenTagsAsync(["t"], Lease, Token);
        var codec = new RecordCodec();
        var number = codec.Deserialize(first.Value, isNull: false, default).SetNumber;
        var name = Encoding.UTF8.GetString(first.Key!)["\0open/".Length..];
        _topic.ProduceBytes(
            Encoding.UTF8.GetBytes(RecordKeys.OfOpenEnd(name)),
            codec.Serialize(new StoredRecord(RecordKind.OpenEnd, default) { SetNumber = number }, default));
        await _topic.SettleAsync(Token);
        Assert.False(two.TryGet<string>("a", out _));
    }

    [Fact]
    public async Task Openings_are_written_to_a_recreated_topic_before_the_commit()
    {
        var (one, two) = (await StartAsync(), await StartAsync());
        var opening = await one.OpenTagsAsync(["t"], Lease, Token);
        _topic.Recreate();
        await Eventually.TrueAsync(() =>
        {
            if (new[] { one, two }.All(static pod => pod.Cache.Status is { Phase: CachePhase.Ready, Rebuilds: > 0 }))
                return true;

            // The clock does not advance after the rebuild, so the topic state of hits, which a timer refreshes, is still the old one at
            // the commit.
            _clock.Advance(TimeSpan.FromSeconds(1));
            return false;
        });
        await opening.RequireAsync(Token);
        await _topic.SettleAsync(Token);
        Assert.NotEmpty(OpenRecords());
        await FillAsync(two, "a", "t");
        Assert.False(two.TryGet<string>("a", out _));
        opening.Close();
        await CloseIsAppliedAsync();
        await FillAsync(two, "a", "t");
        Assert.True(two.TryGet<string>("a", out _));
    }

    [Fact]
    public async Task What_can_not_be_opened_is_taken_back()
    {
        var (one, two) = (await StartAsync(), await StartAsync());
        await FillAsync(one, "a", "t");
        _topic.FailPuts(PutFault.AnswerLost);
        await Assert.ThrowsAsync<PutException>(() => one.OpenTagsAsync(["t"], Lease, Token));
        await Eventually.TrueAsync(() =>
        {
            _clock.Advance(TimeSpan.FromSeconds(1));
            return OpenRecords().Count > 1;
        });
        await CloseIsAppliedAsync();
        Assert.True(two.TryGet<string>("a", out _));
    }

    [Fact]
    public async Task More_tags_than_a_record_should_name_are_all_tags()
    {
        var pod = await StartAsync();
        await FillAsync(pod, "a", "t");
        var opening = await pod.OpenTagsAsync(Enumerable.Range(0, 6_000).Select(static i => $"tag{i}"), Lease, Token);
        await _topic.SettleAsync(Token);
        Assert.False(pod.TryGet<string>("a", out _));
        Assert.InRange(OpenRecords()[^1].Value!.Length, 1, 1_000);
        opening.Close();
    }

    [Fact]
    public async Task A_lease_or_a_tag_that_is_not_allowed_is_refused()
    {
        var pod = await StartAsync();
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => pod.OpenTagsAsync(["t"], TimeSpan.FromMilliseconds(999), Token));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => pod.OpenTagsAsync(["t"], TimeSpan.FromMinutes(11), Token));
        await Assert.ThrowsAsync<ArgumentException>(() => pod.OpenTagsAsync([""], Lease, Token));
        Assert.Empty(OpenRecords());
    }

    [Fact]
    public async Task In_the_memory_of_one_process_tags_are_opened_and_closed_too()
    {
        await using var pod = HybridPod.Start(
            null!, _clock, static options => (options.Log, options.Backend) = (null, KafkaHybridCacheBackend.Memory));
        await pod.Cache.Cache.WaitUntilReadyAsync(Token);
        await FillAsync(pod.Cache, "a", "t");
        var opening = await pod.Cache.OpenTagsAsync(["t"], Lease, Token);
        await Eventually.TrueAsync(() => !pod.Cache.TryGet<string>("a", out _));
        opening.Close();
        await Eventually.TrueAsync(() => pod.Cache.TryGet<string>("a", out _));
    }

    [Fact]
    public async Task Waiters_for_an_opening_fail_when_the_cache_ends()
    {
        var log = new GatedLog(_topic);
        var pod = await HybridPod.ReadyAsync(log, _clock);
        log.Hold("\0open/");
        var opening = pod.Cache.OpenTagsAsync(["t"], Lease, Token);
        await Eventually.TrueAsync(() => log.IsHolding);
        await pod.DisposeAsync();
        await Assert.ThrowsAnyAsync<Exception>(() => opening.WaitAsync(TimeSpan.FromSeconds(30), Token));
        Assert.IsNotType<TimeoutException>(opening.Exception?.InnerException);
        log.Release();
    }

    [Fact]
    public void A_full_store_gives_up_neither_what_is_open_nor_its_ends() =>
        Assert.All(
            new[] { RecordKeys.OfOpen("p"), RecordKeys.OfOpenEnd("p") },
            static key => Assert.Contains(
                RecordKeys.NeverEvicted, prefix => Encoding.UTF8.GetBytes(key).AsSpan().StartsWith(prefix.Span)));

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        foreach (var pod in _pods)
            await pod.DisposeAsync();
    }

    private static async Task FillAsync(KafkaHybridCache pod, string key, string tag)
    {
        var fill = pod.BeginFill(key);
        await fill.StoreAsync("v", tags: [tag]);
    }

    private async Task<KafkaHybridCache> StartAsync(ITopicLog? log = null)
    {
        var pod = await HybridPod.ReadyAsync(log ?? _topic, _clock);
        _pods.Add(pod);
        return pod.Cache;
    }

    /// <summary>Waits until all pods have applied the last record of each pod that can write.</summary>
    private async Task CloseIsAppliedAsync()
    {
        await Eventually.TrueAsync(() => OpenRecords().GroupBy(static record => Encoding.UTF8.GetString(record.Key!))
            .All(records => IsSettled(records.Key)));
        await _topic.SettleAsync(Token);
    }

    private bool IsSettled(string key)
    {
        var openings = _pods.Select(static pod => pod.Cache.Parts.Openings).First(own => own.Self.OpenKey == key);
        return openings.IsWritten;
    }

    private Task AdvanceUntilAsync(Func<bool> condition) => Eventually.TrueAsync(() =>
    {
        _clock.Advance(TimeSpan.FromSeconds(1));
        return condition();
    });

    private List<LogRecord> OpenRecords() => RecordsOf("\0open/");

    private List<LogRecord> EndRecords() => RecordsOf("\0end/");

    private List<LogRecord> RecordsOf(string prefix) =>
        [.. _topic.Records.Where(record => record.Key.AsSpan().StartsWith(Encoding.UTF8.GetBytes(prefix)))];

    private long Offset(string key) => RecordsOf(key) is [.., var last] ? last.Position.Offset : -1;
}
