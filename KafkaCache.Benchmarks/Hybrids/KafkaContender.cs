using KafkaCaching.Hybrid;
using Microsoft.Extensions.DependencyInjection;

namespace KafkaCaching.Benchmarks.Hybrids;

/// <summary>KafkaCache.Hybrid, on a topic that the run creates.</summary>
internal static class KafkaContender
{
    private const string Name = "web";
    private static readonly TimeSpan TimeToLive = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan Retention = TimeSpan.FromHours(4);

    public static async Task<HybridContender> OpenAsync(string bootstrapServers, int instances)
    {
        var topic = $"kafkacache-benchmark-{Guid.NewGuid():N}";
        await KafkaTopics.EnsureAsync(
            TopicRequirements.ForCache(topic, Workload.Partitions, Retention),
            new EnsureTopicOptions { BootstrapServers = bootstrapServers });
        var contender = HybridContender.Open("KafkaCache.Hybrid", instances, isCoherent: true, _ => Open(bootstrapServers, topic));
        foreach (var instance in contender.Instances)
            await ((HybridInstance)instance).Services.GetRequiredService<KafkaHybridCache>().Cache.WaitUntilReadyAsync();
        return contender;
    }

    private static HybridInstance Open(string bootstrapServers, string topic)
    {
        var services = new ServiceCollection();
        services.AddKafkaHybridCache(Name, options =>
        {
            (options.BootstrapServers, options.Topic) = (bootstrapServers, topic);
            options.TimeToLive = TimeToLive;
            options.OneFactoryAcrossPods = true;
        });
        return new HybridInstance(services.BuildServiceProvider());
    }
}
