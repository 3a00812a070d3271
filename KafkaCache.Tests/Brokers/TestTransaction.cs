using Confluent.Kafka;

namespace KafkaCaching.Tests.Brokers;

/// <summary>An open transaction. Disposing it without an end leaves it open, as a producer that died would, until the broker's
/// time-out.</summary>
public sealed class TestTransaction(IProducer<byte[]?, byte[]?> producer) : IDisposable
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(30);

    public Task CommitAsync() => Task.Run(() => producer.CommitTransaction(Timeout));

    public Task AbortAsync() => Task.Run(() => producer.AbortTransaction(Timeout));

    public void Dispose() => producer.Dispose();
}
