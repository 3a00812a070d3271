using KafkaCaching.Testing;
using KafkaCaching.Tests.Brokers;

[assembly: AssemblyFixture(typeof(EmbeddedBrokerFixture))]

namespace KafkaCaching.Tests.Brokers;

/// <summary>The embedded broker that all tests share, started on first use. A test that disturbs a broker must start its own.</summary>
public sealed class EmbeddedBrokerFixture : IDisposable
{
    private readonly Lazy<EmbeddedBroker> _broker = new(static () => EmbeddedBroker.Start());
    private readonly Lazy<TestKafka> _kafka;

    public EmbeddedBrokerFixture() => _kafka = new Lazy<TestKafka>(() => new TestKafka(Broker.BootstrapServers));

    public EmbeddedBroker Broker => _broker.Value;

    public TestKafka Kafka => _kafka.Value;

    public string BootstrapServers => Broker.BootstrapServers;

    public string CreateTopic(int partitions = 1)
    {
        var topic = TestKafka.UniqueTopic();
        Broker.CreateTopic(topic, partitions);
        return topic;
    }

    public void Dispose()
    {
        if (_kafka.IsValueCreated)
            _kafka.Value.Dispose();
        if (_broker.IsValueCreated)
            _broker.Value.Dispose();
    }
}
