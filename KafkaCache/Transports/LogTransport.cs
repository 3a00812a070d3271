using KafkaCaching.Logs;
using KafkaCaching.Puts;
using KafkaCaching.Replay.Progress;
using KafkaCaching.Replay.Sources;
using KafkaCaching.Topics;
using Microsoft.Extensions.Logging;

namespace KafkaCaching.Transports;

/// <summary>The transport to a log that is used instead of Kafka brokers.</summary>
internal sealed class LogTransport(ITopicLog log) : Transport
{
    private ITopicLogClient? _client;
    private string _cache = "";

    public override string ProducerId => _cache;

    public override string ConsumerId => _cache;

    public override TimeSpan RetryPause => log.RetryPause;

    public override string? Problem => null;

    public override long ClientsLeftBehind => 0;

    public override string Unanswered(string topic) => $"The log of topic '{topic}' has not been described yet.";

    public override void Begin(string cache, ILogger logger)
    {
        _cache = cache;
        _client = log.Connect(cache);
    }

    public override ITopic OpenTopic(string topic) => new LogTopic(_client!, topic);

    public override IRecordSource? OpenSource(TopicShape topic, string name, IReadOnlyList<PartitionProgress> from, bool withHeaders)
    {
        var positions = new CachePosition[from.Count];
        for (var i = 0; i < positions.Length; i++)
            positions[i] = new CachePosition(from[i].Partition, from[i].Position);
        return new LogSource(_client!.OpenReader(topic.Id, positions));
    }

    public override void CloseSource(IRecordSource source) => source.Dispose();

    public override IRecordSink OpenSink(string topic) => new LogSink(_client!);

    // Nothing to do, because the replay thread disposes of the client when it ends.
    public override void Dispose(TimeSpan limit)
    {
    }
}
