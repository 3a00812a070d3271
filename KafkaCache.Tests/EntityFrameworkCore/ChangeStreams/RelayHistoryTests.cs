namespace KafkaCaching.Tests.EntityFrameworkCore.ChangeStreams;

/// <summary>Random histories of two pods and a program that does not use the cache. A pod that has applied the marks that the relay has
/// acknowledged must read the program's changes.</summary>
public sealed class RelayHistoryTests(PostgresFixture postgres) : PostgresRelayTest(postgres)
{
    [Theory]
    [InlineData("DEFAULT")]
    [InlineData("FULL")]
    public async Task No_read_is_older_than_what_the_relay_has_acknowledged(string identity) =>
        Assert.Equal("", await StaleAsync(identity, histories: 6));

    [Theory]
    [InlineData("DEFAULT")]
    [InlineData("FULL")]
    [Trait("Category", "Soak")]
    public async Task No_read_of_many_histories_is_older(string identity) => Assert.Equal("", await StaleAsync(identity, histories: 200));

    private async Task<string> StaleAsync(string identity, int histories)
    {
        await ExecuteAsync($"ALTER TABLE users REPLICA IDENTITY {identity}");
        var seed = TestSeed.Next();
        EfPod[] pods = [await RelayingAsync(), await PodAsync()];
        for (var i = 0; i < histories; i++)
        {
            await using var history = new EfHistory(seed + (ulong)i, Database, Topic, pods, relayed: () => AcknowledgedAsync());
            if (await history.RunAsync() is { } stale)
                return $"{seed + (ulong)i}: {stale}";
        }

        return "";
    }
}
