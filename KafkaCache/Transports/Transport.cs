using KafkaCaching.Clients;
using KafkaCaching.Puts;
using KafkaCaching.Replay.Progress;
using KafkaCaching.Replay.Sources;
using KafkaCaching.Topics;
using Microsoft.Extensions.Logging;

namespace KafkaCaching.Transports;

/// <summary>The connection between one cache and its topic, through Kafka clients or a log that is used instead.</summary>
internal abstract class Transport : IDisposable
{
    /// <summary>The name of the producer in traces.</summary>
    public abstract string ProducerId { get; }

    /// <summary>The name of the consumer in traces.</summary>
    public abstract string ConsumerId { get; }

    /// <summary>How long the replay pauses before it tries again.</summary>
    public abstract TimeSpan RetryPause { get; }

    /// <summary>The problem that the clients have reported most recently; <see langword="null"/> if there is none.</summary>
    public abstract string? Problem { get; }

    /// <summary>The number of clients that have not ended in time.</summary>
    public abstract long ClientsLeftBehind { get; }

    /// <summary>Returns the text for the status while nothing is known about the topic yet.</summary>
    public abstract string Unanswered(string topic);

    /// <summary>Called once when the cache starts, before any other method.</summary>
    public abstract void Begin(string cache, ILogger logger);

    public abstract ITopic OpenTopic(string topic);

    /// <param name="topic">The topic that the partitions belong to.</param>
    /// <param name="name">The topic's name.</param>
    /// <param name="from">The partitions to read, each from its position.</param>
    /// <param name="withHeaders">Whether anything may read the headers of records.</param>
    /// <returns>The source; <see langword="null"/> if it can't be opened now, for the reason that <see cref="Problem"/> gives.</returns>
    public abstract IRecordSource? OpenSource(TopicShape topic, string name, IReadOnlyList<PartitionProgress> from, bool withHeaders);

    /// <summary>Closes a source without waiting until it is closed.</summary>
    public abstract void CloseSource(IRecordSource source);

    public abstract IRecordSink OpenSink(string topic);

    /// <summary>Releases the clients, and waits for their ends no longer than the limit.</summary>
    public abstract void Dispose(TimeSpan limit);

    public void Dispose() => Dispose(ClientEnds.Patience);
}
