using Confluent.Kafka;
using KafkaCaching.Diagnostics;
using Microsoft.Extensions.Logging;

namespace KafkaCaching.Clients;

/// <summary>The Kafka clients of one cache, each with its log and its errors going to the cache's logger. It shares its admin client and
/// its producer with the other caches of the process that have the same settings; its consumer is its own, so that replacing one harms no
/// other.</summary>
internal sealed class KafkaClients : IDisposable
{
    private static readonly SharedClients<SharedAdmin> Admins = new(SharedAdmin.Open);
    private static readonly SharedClients<SharedProducer> Producers = new(SharedProducer.Open);

    private readonly ClientConfigs _configs;

    // One for all: when a broker goes away each of them says so, and once is enough.
    private readonly ClientLog _log;
    private SharedClients<SharedAdmin>.Share? _admin;
    private SharedClients<SharedProducer>.Share? _producer;

    private KafkaClients(ClientConfigs configs, string cache, TimeProvider time)
    {
        _configs = configs;
        _log = new ClientLog(time, cache);
        Ends = new ClientEnds(cache, time);
    }

    /// <summary>The brokers to ask first, for messages.</summary>
    public string BootstrapServers => _configs.BootstrapServers;

    /// <summary>What the clients suffer from right now, in their own words.</summary>
    public string? LastProblem => _log.LastProblem;

    /// <summary>Where consumers end.</summary>
    public ClientEnds Ends { get; }

    public SharedAdmin Admin => _admin!.Client;

    /// <summary>The producer. Only of clients that were opened for a cache that writes.</summary>
    public SharedProducer Producer => _producer!.Client;

    /// <summary>Makes one client of each kind, since only that tells whether settings go together, and makes the first put wait for none.
    /// Waits for no broker.</summary>
    /// <param name="configs">The settings.</param>
    /// <param name="cache">The name of the cache.</param>
    /// <param name="writes">Whether the cache writes.</param>
    /// <param name="time">The clock.</param>
    /// <param name="isFaulty">Whether an option that holds settings is known to be faulty: no client is made of those.</param>
    /// <param name="refuse">Takes why a client can't be made: the name of the option that holds the settings, and the reason.</param>
    /// <returns>The clients, or <see langword="null"/> where one of them can't be made.</returns>
    public static KafkaClients? Open(
        ClientConfigs configs, string cache, bool writes, TimeProvider time, Func<string, bool> isFaulty, Action<string, string> refuse)
    {
        if (isFaulty("Client"))
            return null;
        var clients = new KafkaClients(configs, cache, time);
        if (clients.OpenAll(writes, isFaulty, refuse))
            return clients;
        clients.Dispose();
        return null;
    }

    /// <summary>Where the clients' lines go from here on, those that they have had to say so far first.</summary>
    public void LogTo(ILogger logger)
    {
        _log.LogTo(logger);
        Ends.LogTo(logger);
    }

    public void OnRecovered() => _log.OnRecovered();

    /// <summary>How long a broker may keep an answer back while a consumer's partitions have nothing new.</summary>
    public TimeSpan FetchWait => TimeSpan.FromMilliseconds(_configs.Consumer(partitions: 1).FetchWaitMaxMs ?? 0);

    /// <param name="partitions">How many it reads.</param>
    /// <param name="onStatistics">Takes the client's statistics, on the thread that asks it for records. Must not throw.</param>
    public IConsumer<byte[]?, byte[]?> Consumer(int partitions, Action<string>? onStatistics = null) =>
        OpenConsumer(_configs.Consumer(partitions), onStatistics);

    /// <summary>Waits until the cache's consumers have ended, and the clients that it shared with nobody else; but not for ever.</summary>
    public void Dispose()
    {
        End(_producer?.Leave());
        End(_admin?.Leave());
        Ends.Wait();
        _log.Dispose();
    }

    private bool OpenAll(bool writes, Func<string, bool> isFaulty, Action<string, string> refuse)
    {
        string? ofConsumer = null, ofProducer = null;
        IConsumer<byte[]?, byte[]?>? consumer = null;
        _admin = ClientRefusal.Try(_configs.Admin(), settings => Admins.Join(settings, _log), out var ofAdmin);
        if (!isFaulty("Consumer"))
            consumer = ClientRefusal.Try(
                _configs.Consumer(partitions: 1), settings => OpenConsumer(settings, onStatistics: null), out ofConsumer);
        if ((writes || _configs.HasProducerSettings) && !isFaulty("Producer"))
            _producer = ClientRefusal.Try(_configs.Producer(), settings => Producers.Join(settings, _log), out ofProducer);

        // What all of them refuse stands in the settings that they have in common.
        if (ofAdmin is not null)
            refuse("Client", ofAdmin);
        if (ofConsumer is not null && ofConsumer != ofAdmin)
            refuse("Consumer", ofConsumer);
        if (ofProducer is not null && ofProducer != ofAdmin)
            refuse("Producer", ofProducer);
        var isComplete = _admin is not null && consumer is not null && (_producer is not null || !writes) && ofProducer is null;

        // Not kept for the replay: a client that has connected before it is given partitions asks for their leaders up to a second later.
        End(consumer);

        // A cache that only reads may have settings for a producer, which are to be right too; but it needs none.
        if (!writes)
            End(Interlocked.Exchange(ref _producer, null)?.Leave());
        return isComplete;
    }

    private IConsumer<byte[]?, byte[]?> OpenConsumer(Config settings, Action<string>? onStatistics)
    {
        var builder = new ConsumerBuilder<byte[]?, byte[]?>(settings)
            .SetLogHandler((_, message) => _log.OnLog(message))
            .SetErrorHandler((_, error) => _log.OnError(error));
        if (onStatistics is not null)
            builder.SetStatisticsHandler((_, statistics) => onStatistics(statistics));
        return builder.Build();
    }

    private void End(IDisposable? client)
    {
        if (client is not null)
            Ends.Begin(client);
    }
}
