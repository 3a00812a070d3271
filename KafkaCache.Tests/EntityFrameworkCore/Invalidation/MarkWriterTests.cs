using KafkaCaching.EntityFrameworkCore;
using KafkaCaching.Tests.Brokers;
using KafkaCaching.Tests.Hybrid.Openings;
using Microsoft.EntityFrameworkCore;

namespace KafkaCaching.Tests.EntityFrameworkCore.Invalidation;

/// <summary>Commits go on before their marks are written.</summary>
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
        await Topic.SettleAsync(Token);
        Assert.Equal("Bob Cyd Eve", await NamesAsync(two));
        Assert.DoesNotContain(one.Log.Logger.Lines, static line => line.Id == 587);
    }

    [Fact]
    public async Task A_container_that_ends_before_its_marks_can_be_written_says_so()
    {
        var log = new GatedLog(Topic);
        var pod = await StartAsync(log);
        log.Hold(Marks);
        await EfWrites.RenameAdaAsync(() => pod.Open(), Writing.SaveChanges);
        var ending = Task.Run(() => pod.EndAsync(isBlocking: false), Token);
        await Eventually.TrueAsync(() =>
        {
            Clock.Advance(TimeSpan.FromSeconds(6));
            return ending.IsCompleted;
        });
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
        await Eventually.TrueAsync(() =>
        {
            Clock.Advance(TimeSpan.FromSeconds(6));
            return positions.IsCompleted;
        });
        Assert.Empty(await positions);
        Assert.Contains(pod.Log.Logger.Lines, static line => line.Id == 580);
        log.Release();
    }

    private Task<EfPod> StartAsync(Logs.ITopicLog log, Provider provider = Provider.Sqlite) =>
        StartAsync(provider, options => options.Hybrid.Log = log);
}
