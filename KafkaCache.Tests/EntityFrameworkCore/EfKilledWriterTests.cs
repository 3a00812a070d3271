using System.Globalization;
using KafkaCaching.EntityFrameworkCore;
using KafkaCaching.Tests.Brokers;
using KafkaCaching.Tests.EntityFrameworkCore.ChangeStreams;
using KafkaCaching.Tests.Processes;
using Microsoft.EntityFrameworkCore;

namespace KafkaCaching.Tests.EntityFrameworkCore;

/// <summary>A process is killed with SIGKILL during its commits to a real PostgreSQL, with real brokers. Another pod reads at the same
/// time, and each of its reads is compared with the earlier content of the database.</summary>
public sealed class EfKilledWriterTests(RealBrokerFixture real, PostgresFixture postgres)
{
    private const int Partitions = 4;

    // As documented, a process that is paused for longer than its lease may leave an old result. The lease is longer than any pause on a
    // busy machine.
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly string _topic = TestKafka.UniqueTopic("killed");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    [Trait("Category", "Long")]
    public Task With_AroundCommit_no_read_is_older_than_the_database_when_writers_are_killed() => NothingIsOldAsync(kills: 3);

    [Fact]
    [Trait("Category", "Soak")]
    public Task With_AroundCommit_no_read_is_older_than_the_database_when_a_hundred_writers_are_killed() => NothingIsOldAsync(kills: 100);

    // This test shows that the kills occur between a commit and its marks.
    [Fact]
    [Trait("Category", "Long")]
    public async Task With_AfterCommit_a_killed_writer_leaves_old_results()
    {
        var kafka = await real.ConnectAsync();
        await using var database = await CreateDatabaseAsync();
        await using var reader = await StartReaderAsync(kafka, database, KafkaEfInvalidation.AfterCommit);
        await Eventually.TrueAsync(
            async () =>
            {
                await using (var writer = await StartWriterAsync(kafka, database, KafkaEfInvalidation.AfterCommit))
                    await KillWhileReadingAsync(writer, kafka, database, reader, TimeSpan.Zero);
                return await CountOldAsync(kafka, database, reader) > 0;
            },
            "a killed writer leaves an old result",
            Patience);
    }

    private async Task NothingIsOldAsync(int kills)
    {
        var random = new Random(unchecked((int)TestSeed.Next()));
        var kafka = await real.ConnectAsync();
        await using var database = await CreateDatabaseAsync();
        await using var reader = await StartReaderAsync(kafka, database, KafkaEfInvalidation.AroundCommit);
        var (reads, commits) = (0L, 0L);
        for (var kill = 0; kill < kills; kill++)
        {
            await using var writer = await StartWriterAsync(kafka, database, KafkaEfInvalidation.AroundCommit, random.Next());
            var (read, old) = await KillWhileReadingAsync(writer, kafka, database, reader, TimeSpan.FromMilliseconds(random.Next(1_500)));
            reads += read;
            Assert.Equal(0, old);
            Assert.Equal(0, await CountOldAsync(kafka, database, reader));
            commits = (await NumbersAsync(database)).Values.Max();
        }

        // When the lease of the last writer has expired, the reader closes the tags that the writer had open, and its reads are hits again.
        await Eventually.TrueAsync(
            async () =>
            {
                var before = Misses(reader);
                var old = await CountOldAsync(kafka, database, reader);
                Assert.Equal(0, old);
                return Misses(reader) == before;
            },
            "all reads are hits",
            Patience);
        TestContext.Current.TestOutputHelper?.WriteLine($"{kills} kills, {commits} commits, {reads} times that all were read");
    }

    /// <summary>Reads until the writer has been killed, which happens the given time after its first commit.</summary>
    private static async Task<(long Reads, long Old)> KillWhileReadingAsync(
        ChildProcess writer, TestKafka kafka, ShopDatabase database, RelayHost reader, TimeSpan after)
    {
        await writer.WaitForAsync("committed");
        var killing = KillAsync(writer, after);
        var (reads, old) = (0L, 0L);
        do
        {
            old += await CountOldAsync(kafka, database, reader);
            reads++;
        }
        while (!killing.IsCompleted);
        await killing;
        return (reads, old);
    }

    private static async Task KillAsync(ChildProcess writer, TimeSpan after)
    {
        await Task.Delay(after, Token); // Randomizes the moment of the kill.
        await writer.KillAsync();
    }

    /// <summary>Reads the database, waits until the reader has applied the topic, and reads through its cache.</summary>
    /// <returns>The number of cached values that are older than those of the database.</returns>
    private static async Task<int> CountOldAsync(TestKafka kafka, ShopDatabase database, RelayHost reader)
    {
        var committed = await NumbersAsync(database);
        for (var partition = 0; partition < Partitions; partition++)
        {
            if (await kafka.EndOffsetAsync(reader.Cache.Hybrid.Cache.Topic, partition) is > 0 and var end)
                await reader.Cache.Hybrid.Cache.WaitUntilAppliedAsync(new CachePosition(partition, end - 1), Token);
        }

        var old = 0;
        foreach (var id in ShopData.UserIds)
            old += Number((await reader.NameOfAsync(id))!) < committed[id] ? 1 : 0;
        foreach (var user in await reader.WithAsync(static db => db.Users.Cached().ToListAsync(Token)))
            old += Number(user.Name) < committed[user.Id] ? 1 : 0;
        foreach (var user in await reader.WithAsync(
            static db => db.Users.Where(static u => u.GroupId == 1).Cached(static q => q.By(static u => u.GroupId, 1)).ToListAsync(Token)))
            old += Number(user.Name) < committed[user.Id] ? 1 : 0;
        return old;
    }

    private static async Task<Dictionary<Guid, long>> NumbersAsync(ShopDatabase database)
    {
        await using var db = database.Open();
        return (await db.Users.Select(static user => new { user.Id, user.Name }).ToListAsync(Token))
            .ToDictionary(static user => user.Id, static user => Number(user.Name));
    }

    private static long Number(string name) => long.Parse(name, CultureInfo.InvariantCulture);

    private static long Misses(RelayHost reader) => reader.Cache.Queries.Sum(static query => query.Misses + query.Bypassed);

    private async Task<ShopDatabase> CreateDatabaseAsync()
    {
        var database = await ShopDatabase.CreateAsync(Provider.PostgreSql, postgres);
        await database.ExecuteUnseenAsync($"""UPDATE users SET "Name" = '0'""");
        return database;
    }

    private Task<RelayHost> StartReaderAsync(TestKafka kafka, ShopDatabase database, KafkaEfInvalidation mode) =>
        RelayHost.StartAsync(kafka.BootstrapServers, _topic, database.Use, configure: options => Configure(options, mode));

    private async Task<ChildProcess> StartWriterAsync(TestKafka kafka, ShopDatabase database, KafkaEfInvalidation mode, int seed = 0)
    {
        var writer = ChildProcess.Start(
            typeof(ChildEfWriter), nameof(ChildEfWriter.Run), (ChildEfWriter.ServersVariable, kafka.BootstrapServers),
            (ChildEfWriter.TopicVariable, _topic), (ChildEfWriter.DatabaseVariable, database.Connection),
            (ChildEfWriter.ModeVariable, $"{mode}"), (ChildEfWriter.SeedVariable, seed.ToString(CultureInfo.InvariantCulture)));
        await writer.WaitForAsync("ready");
        return writer;
    }

    internal static void Configure(KafkaEfCacheOptions options, KafkaEfInvalidation mode) =>
        (options.Invalidation, options.CommitLease) = (mode, Lease);
}
