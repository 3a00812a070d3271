using KafkaCaching.Tests.Brokers;
using KafkaCaching.Tests.Diagnostics;

namespace KafkaCaching.Tests.Leadership;

/// <summary>Instances that take part in the same elections.</summary>
internal sealed class Candidates(string bootstrapServers) : IAsyncDisposable
{
    private readonly List<KafkaLeadership> _all = [];

    public string Topic { get; } = TestKafka.UniqueTopic("election");

    public ListLoggerFactory Log { get; } = new();

    public KafkaLeadership Join(string name = "prices", Action<LeadershipOptions>? configure = null)
    {
        var options = new LeadershipOptions { BootstrapServers = bootstrapServers, Name = name, Topic = Topic };
        configure?.Invoke(options);
        var one = KafkaLeadership.Campaign(options, Log);
        _all.Add(one);
        return one;
    }

    public async ValueTask DisposeAsync()
    {
        await Task.WhenAll(_all.Select(static one => one.DisposeAsync().AsTask()));
        Log.Dispose();
    }
}
