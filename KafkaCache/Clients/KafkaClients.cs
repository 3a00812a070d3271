using Confluent.Kafka;
using KafkaCaching.Diagnostics;
using Microsoft.Extensions.Logging;

namespace KafkaCaching.Clients;

/// <summary>Opens the Kafka clients of one cache, each with its log and its errors going to the logger.</summary>
internal sealed class KafkaClients(ClientConfigs configs, string cache, ILogger logger, TimeProvider time) : IDisposable
{
    // One for all: when a broker goes away each of them says so, and once is enough.
    private readonly ClientLog _log = new(logger, time, cache);

    /// <summary>The brokers to ask first, for messages.</summary>
    public string BootstrapServers => configs.BootstrapServers;

    /// <summary>What the clients suffer from right now, in their own words.</summary>
    public string? LastProblem => _log.LastProblem;

    public void OnRecovered() => _log.OnRecovered();

    public IAdminClient Admin() => new AdminClientBuilder(configs.Admin())
        .SetLogHandler((_, message) => _log.OnLog(message))
        .SetErrorHandler((_, error) => _log.OnError(error))
        .Build();

    /// <summary>How long a broker may keep an answer back while a consumer's partitions have nothing new.</summary>
    public TimeSpan FetchWait => TimeSpan.FromMilliseconds(configs.Consumer(partitions: 1).FetchWaitMaxMs ?? 0);

    /// <param name="partitions">How many it reads.</param>
    /// <param name="onStatistics">Takes the client's statistics, on the thread that asks it for records. Must not throw.</param>
    public IConsumer<byte[]?, byte[]?> Consumer(int partitions, Action<string>? onStatistics = null)
    {
        var builder = new ConsumerBuilder<byte[]?, byte[]?>(configs.Consumer(partitions))
            .SetLogHandler((_, message) => _log.OnLog(message))
            .SetErrorHandler((_, error) => _log.OnError(error));
        if (onStatistics is not null)
            builder.SetStatisticsHandler((_, statistics) => onStatistics(statistics));
        return builder.Build();
    }

    /// <param name="onFatal">Takes a producer and the error that spoilt it, on the producer's own thread.</param>
    public IProducer<byte[]?, byte[]?> Producer(Action<IProducer<byte[]?, byte[]?>, Error> onFatal) => new ProducerBuilder<byte[]?, byte[]?>(configs.Producer())
        .SetLogHandler((_, message) => _log.OnLog(message))
        .SetErrorHandler((producer, error) =>
        {
            _log.OnError(error);
            if (error.IsFatal)
                onFatal(producer, error);
        })
        .Build();

    public void Dispose() => _log.Dispose();
}
