using KafkaCaching.Clients;
using KafkaCaching.Generations;
using KafkaCaching.Puts;
using KafkaCaching.Replay.Progress;
using KafkaCaching.Replay.Sources;
using KafkaCaching.Topics;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace KafkaCaching.Transports;

/// <summary>The transport to Kafka brokers, through the clients of one cache.</summary>
internal sealed class KafkaTransport(KafkaClients clients, TimeProvider time) : Transport
{
    private ILogger _logger = NullLogger.Instance;

    public KafkaClients Clients => clients;

    public override string ProducerId => clients.ProducerId;

    public override string ConsumerId => clients.ConsumerId;

    public override TimeSpan RetryPause => Retry.First;

    public override string? Problem => clients.LastProblem;

    public override long ClientsLeftBehind => clients.Ends.LeftBehind;

    public override string Unanswered(string topic) =>
        $"The brokers at {clients.BootstrapServers} have not answered about topic '{topic}' yet.";

    public override void Begin(string cache, ILogger logger)
    {
        _logger = logger;
        clients.LogTo(logger);
    }

    public override ITopic OpenTopic(string topic) =>
        new TopicClient(clients, topic);

    public override IRecordSource? OpenSource(TopicShape topic, string name, IReadOnlyList<PartitionProgress> from, bool withHeaders)
    {
        var connections = new Connections(time, clients.FetchWait);
        return clients.TryConsumer(from.Count, connections.Note) is { } consumer
            ? RecordSources.Open(consumer, name, from, withHeaders, _logger, connections)
            : null;
    }

    public override void CloseSource(IRecordSource source) => clients.Ends.Begin(source);

    public override IRecordSink OpenSink(string topic) => new KafkaSink(clients.Producer, topic, _logger);

    public override void Dispose(TimeSpan limit) => clients.Dispose(limit);
}
