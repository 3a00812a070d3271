using System.Text;
using Confluent.Kafka;
using KafkaCaching.Tests.Brokers;

namespace KafkaCaching.Tests.Puts;

public sealed class PutOptionsTests(EmbeddedBrokerFixture embedded)
{
    [Fact]
    public async Task Headers_of_a_put_and_of_a_removal_reach_the_record()
    {
        List<string> seen = [];
        await using var cache = Create(seen);
        var options = new PutOptions { Wait = PutWait.Applied, Headers = Headers("tenant", "north") };

        await cache.PutAsync("a", "1", options, TestContext.Current.CancellationToken);
        await cache.RemoveAsync("a", options, TestContext.Current.CancellationToken);

        Assert.Equal(["a=1 north", "a removed north"], seen);
        Assert.False(cache.ContainsKey("a"));
    }

    [Fact]
    public async Task Headers_changed_after_the_put_do_not_change_the_record()
    {
        List<string> seen = [];
        await using var cache = Create(seen);
        var headers = Headers("tenant", "north");

        var put = cache.PutAsync(
            "a", "1", new PutOptions { Wait = PutWait.Applied, Headers = headers }, TestContext.Current.CancellationToken);
        headers.Remove("tenant");
        await put;

        Assert.Equal(["a=1 north"], seen);
    }

    [Fact]
    public async Task Many_keys_are_removed_in_order_each_with_an_attempt_of_its_own()
    {
        await using var cache = Create([]);
        await cache.PutManyAsync(
            [new("a", "1"), new("b", "2"), new("c", "3")], PutWait.Applied, TestContext.Current.CancellationToken);

        var attempts = await cache.RemoveManyAsync(["a", null!, "c"], PutWait.Applied, TestContext.Current.CancellationToken);

        Assert.Equal([true, false, true], attempts.Select(static attempt => attempt.Error is null));
        Assert.Equal(PutOutcome.NotCommitted, attempts[1].Error!.Outcome);
        Assert.True(attempts[0].Result!.Value.Offset < attempts[2].Result!.Value.Offset);
        Assert.Equal(["b"], cache.Keys);
    }

    private static Headers Headers(string name, string value) => new() { { name, Encoding.UTF8.GetBytes(value) } };

    private KafkaCache<string, string> Create(List<string> seen)
    {
        var options = TestOptions.For(embedded.BootstrapServers, embedded.CreateTopic(partitions: 1));
        options.ValidateRecord = (in record) =>
        {
            var tenant = record.TryGetHeader("tenant", out var bytes) ? Encoding.UTF8.GetString(bytes) : "nobody";
            seen.Add($"{record.ReadKey<string>()}{(record.IsTombstone ? " removed" : $"={record.ReadValue<string>()}")} {tenant}");
            return true;
        };
        var cache = KafkaCache.Create(options);
        cache.WaitUntilReady();
        return cache;
    }
}
