using System.Text;
using Confluent.Kafka;
using KafkaCaching.Tests.Brokers;

namespace KafkaCaching.Tests.Puts;

public sealed class PutOptionsTests(EmbeddedBrokerFixture embedded)
{
    private readonly string _topic = embedded.CreateTopic(partitions: 1);

    [Fact]
    public async Task Headers_of_a_put_and_of_a_removal_reach_their_records()
    {
        await using var cache = Create();
        var options = new PutOptions { Wait = PutWait.Applied, Headers = Tenant("north") };

        await cache.PutAsync("a", "1", options, TestContext.Current.CancellationToken);
        await cache.RemoveAsync("a", options, TestContext.Current.CancellationToken);

        Assert.Equal(["north", "north"], await TenantsAsync());
        Assert.False(cache.ContainsKey("a"));
    }

    [Fact]
    public async Task Headers_changed_after_the_put_do_not_change_the_record()
    {
        await using var cache = Create();
        var headers = Tenant("north");

        var put = cache.PutAsync("a", "1", new PutOptions { Headers = headers }, TestContext.Current.CancellationToken);
        headers.Remove("tenant");
        await put;

        Assert.Equal(["north"], await TenantsAsync());
    }

    [Fact]
    public async Task Headers_of_many_puts_are_those_of_the_call_whenever_each_is_handed_over()
    {
        const int more = 12_000; // More than are in flight at once.
        await using var cache = Create();
        var headers = Tenant("north");

        var puts = cache.PutManyAsync(
            Enumerable.Range(0, more).Select(static i => KeyValuePair.Create($"k{i}", "1")), new PutOptions { Headers = headers },
            TestContext.Current.CancellationToken);
        headers.Remove("tenant");

        Assert.All(await puts, static attempt => Assert.Null(attempt.Error));
        var tenants = await TenantsAsync();
        Assert.Equal(more, tenants.Length);
        Assert.All(tenants, static tenant => Assert.Equal("north", tenant));
    }

    [Fact]
    public async Task Many_keys_are_removed_in_order_each_with_an_attempt_of_its_own()
    {
        await using var cache = Create();
        await cache.PutManyAsync(
            [new("a", "1"), new("b", "2"), new("c", "3")], PutWait.Applied, TestContext.Current.CancellationToken);

        var attempts = await cache.RemoveManyAsync(["a", null!, "c"], PutWait.Applied, TestContext.Current.CancellationToken);

        Assert.Equal([true, false, true], attempts.Select(static attempt => attempt.Error is null));
        Assert.Equal(PutOutcome.NotCommitted, attempts[1].Error!.Outcome);
        Assert.True(attempts[0].Result!.Value.Offset < attempts[2].Result!.Value.Offset);
        Assert.Equal(["b"], cache.Keys);
    }

    private static Headers Tenant(string name) => new() { { "tenant", Encoding.UTF8.GetBytes(name) } };

    private async Task<string[]> TenantsAsync() =>
    [
        .. (await embedded.Kafka.ReadAllAsync(_topic)).Select(
            static record => Encoding.UTF8.GetString(record.Message.Headers.GetLastBytes("tenant"))),
    ];

    private KafkaCache<string, string> Create()
    {
        var cache = KafkaCache.Create(TestOptions.For(embedded.BootstrapServers, _topic));
        cache.WaitUntilReady();
        return cache;
    }
}
