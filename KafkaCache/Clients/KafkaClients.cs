using Confluent.Kafka;
using Microsoft.Extensions.Logging;

namespace KafkaCaching.Clients;

/// <summary>The Kafka clients of one cache. Their log lines and errors go to the cache's logger. The admin client and the producer are
/// shared with the other caches of the process that have the same settings. The consumer belongs to this cache, so replacing it does not
/// affect other caches.</summary>
internal sealed class KafkaClients : IDisposable
{
    private static readonly SharedClients<SharedAdmin> Admins = new(SharedAdmin.Open);
    private static readonly SharedClients<SharedProducer> Producers = new(SharedProducer.Open);

    private readonly ClientConfigs _configs;

    // All clients share one log: when a broker goes down, each client reports it, but one line is enough.
    private readonly ClientLog _log;
    private SharedClients<SharedAdmin>.Share? _admin;
    private SharedClients<SharedProducer>.Share? _producer;

    private KafkaClients(ClientConfigs configs, string cache, TimeProvider time)
    {
        _configs = configs;
        _log = new ClientLog(time, cache);
        Ends = new ClientEnds(cache, time);
    }

    /// <summary>The value of <c>bootstrap.servers</c>, for use in messages.</summary>
    public string BootstrapServers => _configs.BootstrapServers;

    /// <summary>The producer's <c>client.id</c>.</summary>
    public string ProducerId => _configs.Producer().ClientId;

    /// <summary>The consumer's <c>client.id</c>.</summary>
    public string ConsumerId => _configs.Consumer(partitions: 1).ClientId;

    /// <summary>The problem that the clients have reported most recently; <see langword="null"/> if there is none or they have
    /// recovered.</summary>
    public string? LastProblem => _log.LastProblem;

    /// <summary>The address that <see cref="LastProblem"/> is about, if the brokers advertised it.</summary>
    public string? UnreachableAddress => _log.LastProblem is { } problem ? ClientLogText.AdvertisedAddressIn(problem) : null;

    /// <summary>Disposes of the clients of this cache.</summary>
    public ClientEnds Ends { get; }

    public SharedAdmin Admin => _admin!.Client;

    /// <summary>The producer. It is only available if the clients were opened for a cache that writes.</summary>
    public SharedProducer Producer => _producer!.Client;

    /// <summary>Creates an admin client and, for a cache that writes, a producer. If other caches have the same settings, their clients are
    /// shared instead. A consumer is also created, and closed again, because creating a client is the only way to find out whether its
    /// settings work together. For the same reason, a producer is created and closed for a read-only cache that has producer settings. The
    /// call does not wait for a broker.</summary>
    /// <param name="configs">The settings.</param>
    /// <param name="cache">The name of the cache.</param>
    /// <param name="writes">Whether the cache writes.</param>
    /// <param name="time">The clock.</param>
    /// <param name="isFaulty">Returns whether the option with this name is known to be faulty. No client is created from faulty
    /// settings.</param>
    /// <param name="refuse">Called when clients can't be created. The first argument is the name of the option that holds the refused
    /// settings. The second argument is the reason.</param>
    /// <returns>The clients, or <see langword="null"/> if one of them can't be created.</returns>
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

    /// <summary>Creates only an admin client, or shares that of other caches with the same settings. The call does not wait for a
    /// broker.</summary>
    /// <param name="configs">The settings.</param>
    /// <param name="user">The name of the component that uses the client, for log lines.</param>
    /// <param name="time">The clock.</param>
    /// <param name="refuse">Called with the reason when the client can't be created.</param>
    /// <returns>The clients, of which only <see cref="Admin"/> is available; <see langword="null"/> if the admin client can't be
    /// created.</returns>
    public static KafkaClients? OpenAdmin(ClientConfigs configs, string user, TimeProvider time, Action<string> refuse)
    {
        var clients = new KafkaClients(configs, user, time);
        clients._admin = ClientRefusal.Try(configs.Admin(), settings => Admins.Join(settings, clients._log), out var reason);
        if (clients._admin is not null)
            return clients;
        clients.Dispose();
        refuse(reason!);
        return null;
    }

    /// <summary>Sets the logger of the clients. The lines held so far are logged first.</summary>
    public void LogTo(ILogger logger)
    {
        _log.LogTo(logger);
        Ends.LogTo(logger);
    }

    public void OnRecovered() => _log.OnRecovered();

    /// <summary>The longest time for which a broker may delay its response to a fetch while the consumer's partitions have no new
    /// records.</summary>
    public TimeSpan FetchWait => TimeSpan.FromMilliseconds(_configs.Consumer(partitions: 1).FetchWaitMaxMs ?? 0);

    /// <summary>Creates a consumer while the cache runs. The settings were accepted when the cache was created, but a consumer also needs
    /// files, such as certificates, and threads, which may be missing for a while.</summary>
    /// <param name="partitions">How many partitions the consumer reads.</param>
    /// <param name="onStatistics">Receives the client's statistics, on the thread that polls the consumer. It must not throw.</param>
    /// <returns>The consumer; <see langword="null"/> if it can't be created now. <see cref="LastProblem"/> then says why.</returns>
    public IConsumer<byte[]?, byte[]?>? TryConsumer(int partitions, Action<string> onStatistics)
    {
        var consumer = ClientRefusal.Try(_configs.Consumer(partitions), settings => OpenConsumer(settings, onStatistics), out var reason);
        if (consumer is null)
            _log.OnError(ClientRefusal.OfConsumer(reason));
        return consumer;
    }

    public void Dispose() => Dispose(ClientEnds.Patience);

    /// <summary>Waits until the cache's consumers, and the clients that no other cache shares, have ended, but no longer than the
    /// limit.</summary>
    public void Dispose(TimeSpan limit)
    {
        End(_producer?.Leave());
        End(_admin?.Leave());
        Ends.Wait(limit);
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

        // If all clients give the same reason, its cause is in the settings that they share.
        if (ofAdmin is not null)
            refuse("Client", ofAdmin);
        if (ofConsumer is not null && ofConsumer != ofAdmin)
            refuse("Consumer", ofConsumer);
        if (ofProducer is not null && ofProducer != ofAdmin)
            refuse("Producer", ofProducer);
        var isComplete = _admin is not null && consumer is not null && (_producer is not null || !writes) && ofProducer is null;

        // This consumer is not kept for the replay, because a client that is already connected when partitions are assigned to it may take
        // up to a second before it looks up their leaders.
        End(consumer);

        // A cache that only reads may have producer settings. They must be valid too, but the cache needs no producer.
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
