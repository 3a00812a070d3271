using KafkaCaching.EntityFrameworkCore;
using KafkaCaching.Logs;
using KafkaCaching.Testing;

namespace KafkaCaching.Tests.EntityFrameworkCore;

/// <summary>Random histories of two pods on one database. A pod that has applied the marks of a commit must read its changes.</summary>
public sealed class EfHistoryTests(PostgresFixture postgres) : IAsyncLifetime
{
    private readonly FakeTimeProvider _clock = new(new DateTimeOffset(2030, 1, 1, 0, 0, 0, TimeSpan.Zero));
    private readonly List<ShopDatabase> _databases = [];

    [Theory]
    [InlineData(Provider.Sqlite, 6)]
    [InlineData(Provider.PostgreSql, 6)]
    public async Task No_read_is_older_than_the_marks_that_its_pod_has_applied(Provider provider, int histories) =>
        Assert.Equal("", await StaleAsync(provider, histories, kindLost: null));

    [Theory]
    [InlineData(Provider.Sqlite)]
    [InlineData(Provider.PostgreSql)]
    [Trait("Category", "Soak")]
    public async Task No_read_of_many_histories_is_older(Provider provider) =>
        Assert.Equal("", await StaleAsync(provider, histories: 150, kindLost: null));

    // Most seeds have a stale read within a few dozen histories.
    [Theory]
    [InlineData("t")]
    [InlineData("b")]
    [InlineData("r")]
    [InlineData("c")]
    public async Task Without_one_kind_of_marks_some_reads_are_stale(string kindLost) =>
        Assert.NotEqual("", await StaleAsync(Provider.Sqlite, histories: 1_000, kindLost));

    [Theory]
    [InlineData(Provider.Sqlite, 12)]
    [InlineData(Provider.PostgreSql, 12)]
    [Trait("Category", "Long")]
    public async Task With_AroundCommit_no_read_is_older_whichever_pod_dies_between_a_commit_and_its_marks(Provider provider, int histories)
    {
        var (stale, deaths, _) = await MortalAsync(provider, histories, KafkaEfInvalidation.AroundCommit);
        Assert.Equal("", stale);
        Assert.NotEqual(0, deaths);
    }

    [Theory]
    [InlineData(Provider.Sqlite)]
    [InlineData(Provider.PostgreSql)]
    [Trait("Category", "Soak")]
    public async Task With_AroundCommit_no_read_of_many_histories_is_older(Provider provider) =>
        Assert.Equal("", (await MortalAsync(provider, histories: 150, KafkaEfInvalidation.AroundCommit)).Stale);

    // Most histories with a death have a stale read.
    [Fact]
    public async Task With_AfterCommit_reads_are_old_after_a_death_until_TimeToLive_and_no_longer()
    {
        var (stale, _, afterDeaths) = await MortalAsync(Provider.Sqlite, histories: 12, KafkaEfInvalidation.AfterCommit);
        Assert.Equal("", stale);
        Assert.NotEqual(0, afterDeaths);
    }

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        foreach (var database in _databases)
            await database.DisposeAsync();
    }

    /// <returns>A description of the first stale read; empty if there was none.</returns>
    private async Task<string> StaleAsync(Provider provider, int histories, string? kindLost)
    {
        var seed = TestSeed.Next();
        var database = await ShopDatabase.CreateAsync(provider, postgres);
        _databases.Add(database);
        for (var i = 0; i < histories; i++)
        {
            var topic = new InMemoryTopic(partitions: 3, _clock, "shop.ef");
            ITopicLog log = kindLost is null ? topic : new LosingLog(topic, kindLost);
            await using var one = await EfPod.ReadyAsync(log, _clock, database);
            await using var two = await EfPod.ReadyAsync(log, _clock, database);
            await using var history = new EfHistory(seed + (ulong)i, database, topic, [one, two]);
            if (await history.RunAsync() is { } stale)
                return $"{seed + (ulong)i}: {stale}";
        }

        return "";
    }

    /// <returns>A description of the first stale read that is not allowed, the number of pods that died, and the number of stale reads
    /// after that.</returns>
    private async Task<(string Stale, int Deaths, int StaleAfterDeaths)> MortalAsync(
        Provider provider, int histories, KafkaEfInvalidation invalidation)
    {
        var seed = TestSeed.Next();
        var database = await ShopDatabase.CreateAsync(provider, postgres);
        _databases.Add(database);
        var (deaths, afterDeaths) = (0, 0);
        for (var i = 0; i < histories; i++)
        {
            var topic = new InMemoryTopic(partitions: 3, _clock, "shop.ef");
            var mortals = new EfMortals(topic, _clock, database, invalidation);
            EfPod[] pods = [await mortals.StartAsync(), await mortals.StartAsync()];
            await using var history = new EfHistory(seed + (ulong)i, database, topic, pods, mortals);
            try
            {
                if ((await history.RunAsync() ?? await FindAtRestAsync(history, pods, mortals)) is { } stale)
                    return ($"{seed + (ulong)i}: {stale}", deaths, afterDeaths);
                (deaths, afterDeaths) = (deaths + mortals.Deaths, afterDeaths + history.StaleAfterDeaths);
            }
            finally
            {
                foreach (var pod in pods)
                    await pod.DisposeAsync();
            }
        }

        return ("", deaths, afterDeaths);
    }

    // Other pods invalidate the announced commits of dead pods long before TimeToLive. Results of unannounced commits remain stale until
    // TimeToLive.
    private async Task<string?> FindAtRestAsync(EfHistory history, EfPod[] pods, EfMortals mortals)
    {
        if (mortals.Announces)
            await mortals.EndAsync();
        else
            _clock.Advance(pods[0].Cache.Options.TimeToLive);
        foreach (var pod in pods)
        {
            if (await history.FindStaleAsync(pod) is { } stale)
                return $"at rest: {stale}";
        }

        return null;
    }
}
