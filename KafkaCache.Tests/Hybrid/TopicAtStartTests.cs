using KafkaCaching.Hybrid;
using KafkaCaching.Tests.Brokers;
using KafkaCaching.Tests.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace KafkaCaching.Tests.Hybrid;

/// <summary>The topic of a hybrid cache when the host starts, on a real Kafka.</summary>
public sealed class TopicAtStartTests(RealBrokerFixture real)
{
    private const int TopicIsMissing = 104;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_missing_topic_is_created_before_the_cache_starts_and_so_a_start_that_waits_for_it_ends()
    {
        var kafka = await real.ConnectAsync();
        var (users, web) = (await kafka.CreateTopicAsync(partitions: 1), TestKafka.UniqueTopic());
        var log = new ListLoggerFactory();
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddSingleton<ILoggerFactory>(log);
        builder.Services.AddKafkaCache<string, string>("users", options =>
        {
            (options.BootstrapServers, options.Topic) = (kafka.BootstrapServers, users);
            options.Store.MemoryBudget = 64L << 20;
        });
        builder.Services.AddKafkaHybridCache("web", options =>
        {
            (options.BootstrapServers, options.Topic) = (kafka.BootstrapServers, web);
            options.Store.MemoryBudget = 64L << 20;
        }).ServeWhenReady();
        using var host = builder.Build();

        await host.StartAsync(Token).WaitAsync(TimeSpan.FromSeconds(60), Token);

        Assert.Equal(CachePhase.Ready, host.Services.GetRequiredService<KafkaHybridCache>().Cache.Status.Phase);
        Assert.DoesNotContain(log.Logger.Lines, static line => line.Id == TopicIsMissing);
        await host.StopAsync(Token);
    }
}
