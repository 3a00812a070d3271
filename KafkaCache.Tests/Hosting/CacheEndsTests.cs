using System.Diagnostics;
using KafkaCaching.Hosting;
using KafkaCaching.Testing;
using KafkaCaching.Tests.Brokers;
using Microsoft.Extensions.DependencyInjection;

namespace KafkaCaching.Tests.Hosting;

/// <summary>The caches of a container are disposed of in parallel.</summary>
public sealed class CacheEndsTests
{
    private readonly CacheEnds _ends = new();
    private readonly List<string> _ended = [];

    [Fact]
    public async Task Caches_of_which_nobody_had_got_one_end_together_when_the_container_comes_to_the_first()
    {
        Func<Task> users = Join("users"), sessions = Join("sessions");
        _ends.HandedOut();
        await sessions();
        await users();
        Assert.Equal(["sessions", "users"], _ended.Order(StringComparer.Ordinal));

        await users();
        Assert.Equal(2, _ended.Count);
    }

    [Fact]
    public async Task A_cache_that_somebody_had_got_before_the_next_was_made_outlives_that_one()
    {
        var users = Join("users");
        _ends.HandedOut();
        Func<Task> sessions = Join("sessions"), organizations = Join("organizations");

        await organizations();
        await sessions();
        Assert.Equal(["organizations", "sessions"], _ended.Order(StringComparer.Ordinal));
        await users();
        Assert.Equal("users", _ended[^1]);
    }

    [Fact]
    public async Task A_container_whose_caches_have_puts_that_no_broker_answers_ends_in_the_time_of_one()
    {
        const int caches = 5;
        await using var broker = EmbeddedBroker.Start();
        var services = new ServiceCollection();
        for (var i = 0; i < caches; i++)
        {
            broker.CreateTopic($"t{i}");
            services.AddKafkaCache(
                $"c{i}",
                TestHosts.Small(
                    broker.BootstrapServers, $"t{i}", static o => (o.ReadOnly, o.PutTimeout) = (false, TimeSpan.FromMinutes(5))));
        }

        var provider = services.BuildServiceProvider();
        _ = provider.GetRequiredService<RegisteredCaches>().Start().ToList();
        var all = Enumerable.Range(0, caches).Select(i => provider.GetRequiredKeyedService<IKafkaCache<string, string>>($"c{i}")).ToList();
        await Task.WhenAll(
            all.Select(static cache => cache.PutAsync("warm", "up", cancellationToken: TestContext.Current.CancellationToken)));
        broker.SetRoundTripTime(TimeSpan.FromMinutes(1));
        var puts = all.Select(static cache => cache.PutAsync("k", "v", cancellationToken: TestContext.Current.CancellationToken)).ToList();

        var start = Stopwatch.GetTimestamp();
        await provider.DisposeAsync();

        // Each cache waits three seconds for its put.
        Assert.InRange(Stopwatch.GetElapsedTime(start), TimeSpan.FromSeconds(2.5), TimeSpan.FromSeconds(9));
        foreach (var put in puts)
            Assert.Equal(PutOutcome.Unknown, (await Assert.ThrowsAsync<PutException>(() => put)).Outcome);
    }

    private Func<Task> Join(string cache) => _ends.Join(() =>
    {
        lock (_ended)
            _ended.Add(cache);
    });
}
