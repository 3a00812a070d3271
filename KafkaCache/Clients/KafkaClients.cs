using Confluent.Kafka;
using KafkaCaching.Diagnostics;
using Microsoft.Extensions.Logging;

namespace KafkaCaching.Clients;

/// <summary>Opens the Kafka clients of one cache, each with its log and its errors going to the logger.</summary>
internal sealed class KafkaClients(ClientConfigs configs, ILogger logger, TimeProvider time) : IDisposable
{
    private readonly ClientLog _adminLog = new(logger, time, "admin");
    private readonly ClientLog _consumerLog = new(logger, time, "consumer");
    private readonly ClientLog _producerLog = new(logger, time, "producer");

    /// <summary>The brokers to ask first, for messages.</summary>
    public string BootstrapServers => configs.BootstrapServers;

    /// <summary>What the clients suffer from right now, in their own words.</summary>
    public string? LastProblem => _adminLog.LastProblem ?? _consumerLog.LastProblem;

    public void OnRecovered()
    {
        _adminLog.OnRecovered();
        _consumerLog.OnRecovered();
    }

    public IAdminClient Admin() => new AdminClientBuilder(configs.Admin())
        .SetLogHandler((_, message) => _adminLog.OnLog(message))
        .SetErrorHandler((_, error) => _adminLog.OnError(error))
        .Build();

    public IConsumer<byte[]?, byte[]?> Consumer(int partitions) => new ConsumerBuilder<byte[]?, byte[]?>(configs.Consumer(partitions))
        .SetLogHandler((_, message) => _consumerLog.OnLog(message))
        .SetErrorHandler((_, error) => _consumerLog.OnError(error))
        .Build();

    /// <param name="onFatal">Takes a producer and the error that spoilt it, on the producer's own thread.</param>
    public IProducer<byte[]?, byte[]?> Producer(Action<IProducer<byte[]?, byte[]?>, Error> onFatal) => new ProducerBuilder<byte[]?, byte[]?>(configs.Producer())
        .SetLogHandler((_, message) => _producerLog.OnLog(message))
        .SetErrorHandler((producer, error) =>
        {
            _producerLog.OnError(error);
            if (error.IsFatal)
                onFatal(producer, error);
        })
        .Build();

    public void Dispose()
    {
        _adminLog.Dispose();
        _consumerLog.Dispose();
        _producerLog.Dispose();
    }
}
