using Confluent.Kafka;

namespace KafkaCaching.Tests.Brokers;

/// <summary>An open transaction. If it is disposed before it has ended, it remains open until the broker's timeout, as if the producer had
/// died.</summary>
public sealed class TestTransaction(IProducer<byte[]?, byte[]?> producer) : IDisposable
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(30);

    public Task CommitAsync() => Task.Run(() => producer.CommitTransaction(Timeout));

    public Task AbortAsync() => Task.Run(() => producer.AbortTransaction(Timeout));

    public void Dispose() => producer.Dispose();
}
