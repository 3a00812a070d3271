using KafkaCaching.Logs;
using KafkaCaching.Testing;

namespace KafkaCaching.Tests.EntityFrameworkCore;

/// <summary>Random histories of two pods on one database: whoever has applied the marks of a commit reads what it has changed.</summary>
public sealed class EfHistoryTests(PostgresFixture postgres) : IAsyncLifetime
{
    private readonly FakeTimeProvider _clock = new(new DateTimeOffset(2030, 1, 1, 0, 0, 0, TimeSpan.Zero));
    private readonly List<ShopDatabase> _databases = [];

    [Theory]
    [InlineData(Provider.Sqlite, 12)]
    [InlineData(Provider.PostgreSql, 12)]
    public async Task No_read_is_older_than_the_marks_that_its_pod_has_applied(Provider provider, int histories) =>
        Assert.Equal("", await StaleAsync(provider, histories, kindLost: null));

    [Theory]
    [InlineData(Provider.Sqlite)]
    [InlineData(Provider.PostgreSql)]
    [Trait("Category", "Soak")]
    public async Task No_read_of_many_histories_is_older(Provider provider) =>
        Assert.Equal("", await StaleAsync(provider, histories: 150, kindLost: null));

    // Most seeds show one within some dozens.
    [Theory]
    [InlineData("t")]
    [InlineData("b")]
    [InlineData("r")]
    [InlineData("c")]
    public async Task Without_one_kind_of_marks_some_reads_are_stale(string kindLost) =>
        Assert.NotEqual("", await StaleAsync(Provider.Sqlite, histories: 1_000, kindLost));

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        foreach (var database in _databases)
            await database.DisposeAsync();
    }

    /// <returns>What the first stale read was; nothing if there was none.</returns>
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
}
