using System.Diagnostics.Metrics;
using KafkaCaching.EntityFrameworkCore;
using KafkaCaching.EntityFrameworkCore.Tables;
using KafkaCaching.Tests.Brokers;
using KafkaCaching.Tests.Diagnostics;
using KafkaCaching.Tests.Hybrid.Openings;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace KafkaCaching.Tests.EntityFrameworkCore.Invalidation;

/// <summary>Commits don't wait until their marks are written.</summary>
public sealed class MarkWriterTests(PostgresFixture postgres) : EfCacheTest(postgres)
{
    private const string Marks = "\0tag/";

    [Theory]
    [MemberData(nameof(EfWrites.All), MemberType = typeof(EfWrites))]
    public async Task Until_its_mark_is_written_a_commit_is_read_from_the_database_here(Writing writing)
    {
        var log = new GatedLog(Topic);
        var (one, two) = (await StartAsync(log, EfWrites.ProviderOf(writing)), await StartAsync(Topic));
        foreach (var pod in new[] { one, two })
            Assert.Equal("Ada Bob Cyd", await NamesAsync(pod));
        log.Hold(Marks);
        await EfWrites.RenameAdaAsync(() => one.Open(), writing);
        Assert.Equal("Bob Cyd Eve", await NamesAsync(one));
        Assert.Equal("Eve", await NameOfAsync(one, ShopData.Ada));
        Assert.Equal("Ada Bob Cyd", await NamesAsync(two));
        log.Release();
        await one.Cache.FlushAsync(Token);
        await Topic.SettleAsync(Token);
        foreach (var pod in new[] { one, two })
            Assert.Equal("Bob Cyd Eve", await NamesAsync(pod));
    }

    [Fact]
    public async Task Commits_that_follow_each_other_share_their_marks_and_the_first_does_not_wait()
    {
        var log = new GatedLog(Topic);
        var pod = await StartAsync(log);
        log.Hold(Marks);
        await EfWrites.RenameAdaAsync(() => pod.Open(), Writing.RawSql);
        await Eventually.TrueAsync(() => log.IsHolding);
        for (var i = 0; i < 5; i++)
            await EfWrites.RenameAdaAsync(() => pod.Open(), Writing.RawSql);
        var tags = pod.Cache.Marks.Unsettled.Count;
        var before = Topic.Records.Count;
        log.Release();
        await pod.Cache.FlushAsync(Token);
        Assert.InRange(Topic.Records.Count - before, tags + 1, 2 * tags);
        Assert.Equal(0, pod.Cache.Marks.Unsettled.Count);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task The_end_of_the_container_waits_for_marks_that_are_under_way(bool isBlocking)
    {
        var log = new GatedLog(Topic);
        var (one, two) = (await StartAsync(log), await StartAsync(Topic));
        await NamesAsync(two);
        log.Hold(Marks);
        await EfWrites.RenameAdaAsync(() => one.Open(), Writing.SaveChanges);
        var ending = Task.Run(() => one.EndAsync(isBlocking), Token);
        await Eventually.TrueAsync(() => log.IsHolding);
        Assert.False(ending.IsCompleted);
        log.Release();
        await ending;
        await AssertToldAsync(one, two);
    }

    [Fact]
    public async Task A_container_that_ends_before_its_marks_can_be_written_says_so()
    {
        var log = new GatedLog(Topic);
        var pod = await StartAsync(log);
        log.Hold(Marks);
        await EfWrites.RenameAdaAsync(() => pod.Open(), Writing.SaveChanges);
        var ending = Task.Run(() => pod.EndAsync(isBlocking: false), Token);
        await OutwaitAsync(ending);
        await ending;
        Assert.Contains(pod.Log.Logger.Lines, static line => line.Id == 587);
        log.Release();
    }

    [Fact]
    public async Task The_positions_of_a_request_are_complete_when_its_marks_are_written()
    {
        var log = new GatedLog(Topic);
        var pod = await StartAsync(log);
        log.Hold(Marks);
        var written = WrittenPositions.Gather();
        await EfWrites.RenameAdaAsync(() => pod.Open(), Writing.SaveChanges);
        var positions = written.SnapshotAsync(Token);
        Assert.False(positions.IsCompleted);
        log.Release();
        var partitions = (await positions).Select(static one => one.Position.Partition);
        var marks = Topic.Records.Where(static record => record.Key![0] == 0).Select(static record => record.Position.Partition);
        Assert.Equal(marks.Distinct().Order(), partitions);
    }

    [Fact]
    public async Task The_positions_of_a_request_wait_no_longer_than_InvalidationTimeout()
    {
        var log = new GatedLog(Topic);
        var pod = await StartAsync(log);
        log.Hold(Marks);
        var written = WrittenPositions.Gather();
        await EfWrites.RenameAdaAsync(() => pod.Open(), Writing.SaveChanges);
        var positions = written.SnapshotAsync(Token);
        await OutwaitAsync(positions);
        Assert.Empty(await positions);
        Assert.Contains(pod.Log.Logger.Lines, static line => line.Id == 580);
        log.Release();
    }

    [Fact]
    public async Task While_marks_can_not_be_written_the_metric_says_for_how_long()
    {
        var pod = await StartAsync();
        using var scrape = new MeterScrape(pod.Services.GetRequiredService<IMeterFactory>(), KafkaEfCache.MeterName);
        Assert.Equal(0, Overdue());
        Topic.FailPuts(count: 1_000);
        await EfWrites.RenameAdaAsync(() => pod.Open(), Writing.SaveChanges);
        await Eventually.TrueAsync(() => HasFailed(pod));
        await Eventually.TrueAsync(() =>
        {
            Clock.Advance(TimeSpan.FromSeconds(1));
            return Overdue() >= 3;
        });
        Topic.FailPuts(count: 0);
        await Eventually.TrueAsync(() =>
        {
            Clock.Advance(TimeSpan.FromSeconds(1));
            return Overdue() == 0;
        });

        double Overdue() => scrape.Again().Value("kafkacache.ef.invalidation.overdue", "shop", pod.Cache.Hybrid.Cache.Topic);
    }

    [Fact]
    public async Task What_is_committed_while_late_marks_are_written_does_not_wait_for_another_try()
    {
        var log = new GatedLog(Topic);
        var pod = await StartAsync(log);
        Topic.FailPuts(count: 1_000);
        await EfWrites.RenameAdaAsync(() => pod.Open(), Writing.SaveChanges);
        await Eventually.TrueAsync(() => HasFailed(pod));
        Topic.FailPuts(count: 0);
        log.Hold(Marks);
        await Eventually.TrueAsync(() =>
        {
            Clock.Advance(TimeSpan.FromSeconds(1));
            return log.IsHolding;
        });
        await EfWrites.RenameAdaAsync(() => pod.Open(), Writing.RawSql);
        log.Release();
        await pod.Cache.FlushAsync(Token).WaitAsync(TimeSpan.FromSeconds(30), Token);
        Assert.Equal(0, pod.Cache.Marks.Unsettled.Count);
    }

    [Fact]
    public async Task A_mark_that_can_not_be_written_holds_up_no_other()
    {
        var log = new GatedLog(Topic);
        var pod = await StartAsync(log);
        await using var db = pod.Open();
        log.Hold(Marks);
        using (db.Database.DeclareChanges("roles"))
            await db.Database.ExecuteSqlAsync($"PRAGMA user_version = 3", Token);
        await Eventually.TrueAsync(() => log.IsHolding);
        log.Pass();
        await EfWrites.RenameAdaAsync(() => pod.Open(), Writing.RawSql);
        string[] users = [Tags.OfTable("users"), Tags.OfUnknownRows("users")];
        await Eventually.TrueAsync(() => !pod.Cache.Marks.Unsettled.ContainsAny(users));
        Assert.True(pod.Cache.Marks.Unsettled.ContainsAny([Tags.OfTable("roles"), Tags.OfUnknownRows("roles")]));
        await NamesAsync(pod);
        var misses = pod.Counts.Misses;
        Assert.Equal("Bob Cyd Eve", await NamesAsync(pod));
        Assert.Equal(misses, pod.Counts.Misses);
        var flushing = pod.Cache.FlushAsync(Token);
        Assert.False(flushing.IsCompleted);
        log.Release();
        await flushing;
    }

    [Fact]
    public async Task The_end_of_the_container_retries_what_could_not_be_written()
    {
        var log = new GatedLog(Topic);
        var (one, two) = (await StartAsync(log), await StartAsync(Topic));
        await NamesAsync(two);
        log.IsRefused = true;
        await EfWrites.RenameAdaAsync(() => one.Open(), Writing.SaveChanges);
        await Eventually.TrueAsync(() => HasFailed(one));
        log.IsRefused = false;
        await one.EndAsync(isBlocking: false);
        await AssertToldAsync(one, two);
    }

    [Fact]
    public async Task The_end_of_the_container_releases_callers_of_FlushAsync()
    {
        var log = new GatedLog(Topic);
        var pod = await StartAsync(log);
        log.IsRefused = true;
        await EfWrites.RenameAdaAsync(() => pod.Open(), Writing.SaveChanges);
        var flushing = pod.Cache.FlushAsync(Token);
        await Eventually.TrueAsync(() => HasFailed(pod));
        await pod.EndAsync(isBlocking: false);
        await Assert.ThrowsAsync<ObjectDisposedException>(() => flushing);
        Assert.Contains(pod.Log.Logger.Lines, static line => line.Id == 587);
        await Assert.ThrowsAsync<ObjectDisposedException>(() => pod.Cache.FlushAsync(Token));
    }

    [Fact]
    public async Task The_end_of_the_container_closes_what_was_announced()
    {
        var one = await StartAsync(configure: static options => options.Invalidation = KafkaEfInvalidation.AroundCommit);
        var two = await StartAsync(Topic);
        await NamesAsync(two);
        await EfWrites.RenameAdaAsync(() => one.Open(), Writing.SaveChanges);
        await one.EndAsync(isBlocking: false);
        await AssertToldAsync(one, two);
        Assert.Equal(0, await MissesAsync(two, () => NamesAsync(two)));
    }

    /// <summary>Asserts that a pod has written the marks of its commit before it ended.</summary>
    private async Task AssertToldAsync(EfPod ended, EfPod other)
    {
        await Topic.SettleAsync(Token);
        Assert.Equal("Bob Cyd Eve", await NamesAsync(other));
        Assert.DoesNotContain(ended.Log.Logger.Lines, static line => line.Id == 587);
    }

    private static bool HasFailed(EfPod pod) => pod.Log.Logger.Lines.Any(static line => line.Id == 581);

    private Task<EfPod> StartAsync(Logs.ITopicLog log, Provider provider = Provider.Sqlite) =>
        StartAsync(provider, options => options.Hybrid.Log = log);
}
