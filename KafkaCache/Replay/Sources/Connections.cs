using KafkaCaching.Clients;

namespace KafkaCaching.Replay.Sources;

/// <summary>Distinguishes slow from silent connections of one consumer. librdkafka's own request time-out runs until the last byte of a
/// response has arrived, and on a slow link or with large records, a response may take minutes. But librdkafka's statistics report when a
/// byte last arrived.</summary>
internal sealed class Connections(TimeProvider time, TimeSpan fetchWait)
{
    // A broker begins to respond to a fetch within fetch.wait.max.ms. This is an additional margin for a slow broker.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    // After a part of a response has arrived, the connection counts as busy for this many statistics intervals, because one interval may
    // pass without a further part.
    private const int StatisticsToLast = 3;

    // The limit on the silence that is counted between two statistics reports. A process that was suspended has received nothing from any
    // broker in the meantime, which does not show that a broker was silent.
    private static readonly TimeSpan MaxCountedTime = TimeSpan.FromSeconds(5);

    private State _state = new(default, [], [], MostSilent: null);

    /// <summary>How long a broker may send nothing although a request is pending.</summary>
    public TimeSpan SilenceLimit { get; } = Patience + fetchWait;

    /// <summary>The broker that has sent nothing for the longest time, although a request is pending and partitions are read from it. Safe
    /// to call from any thread.</summary>
    public (string Broker, TimeSpan For)? MostSilent =>
        Volatile.Read(ref _state).MostSilent is { SilentFor.Ticks: > 0 } most ? (most.Broker, most.SilentFor) : null;

    /// <summary>Returns the connection through which a partition is read; <see langword="null"/> if the client has not reported it. Safe to
    /// call from any thread.</summary>
    public Connection? Of(int partition) => Volatile.Read(ref _state).ByPartition.GetValueOrDefault(partition);

    /// <summary>Evaluates the client's statistics. The client's handler calls this on the thread that polls the consumer. It never throws,
    /// because the record being delivered would then be lost.</summary>
    public void Note(string statistics)
    {
        if (!BrokerStatistics.TryRead(statistics, out var at, out var brokers))
            return;
        var before = _state;
        var connections = brokers.ConvertAll(
            broker => Next(broker, before.Brokers.Find(one => one.Broker == broker.Broker), at - before.At));
        var byPartition = new Dictionary<int, Connection>();
        for (var i = 0; i < brokers.Count; i++)
        {
            foreach (var partition in brokers[i].Partitions)
                byPartition[partition] = connections[i];
        }

        Volatile.Write(ref _state, new State(at, connections, byPartition, connections.MaxBy(static one => one.SilentFor)));
    }

    private Connection Next(BrokerStatistics now, Connection? before, TimeSpan sinceBefore)
    {
        var hasReceived = now.SinceByte < sinceBefore;

        // Bytes have arrived but no response was completed, so a part of a response has arrived.
        var isPart = hasReceived && now.Answers == before?.Answers;
        var busy = now.Throttle > TimeSpan.Zero || isPart
            ? time.GetTimestamp() + Ticks(now.Throttle + (sinceBefore * StatisticsToLast))
            : 0;
        return new Connection(
            now.Broker, now.Answers, now.Unanswered > 0, SilentFor(now, before, hasReceived, sinceBefore),
            Math.Max(busy, before?.BusyUntil ?? 0));
    }

    private static TimeSpan SilentFor(BrokerStatistics now, Connection? before, bool hasReceived, TimeSpan sinceBefore) => now switch
    {
        { Unanswered: 0 } or { SinceByte: null } or { Partitions.Length: 0 } => TimeSpan.Zero,
        { SinceByte: { } quiet } when hasReceived => quiet,

        // The request is new. There was none before, because the client's queue was full.
        _ when before is not { IsAsked: true } => TimeSpan.Zero,
        _ => before.SilentFor + Shorter(sinceBefore, MaxCountedTime),
    };

    private long Ticks(TimeSpan span) => (long)(span.TotalSeconds * time.TimestampFrequency);

    private static TimeSpan Shorter(TimeSpan one, TimeSpan other) => one < other ? one : other;

    /// <param name="Broker">The broker's address and ID.</param>
    /// <param name="Answers">The number of complete responses so far.</param>
    /// <param name="IsAsked">Whether a request is pending.</param>
    /// <param name="SilentFor">How long the broker has sent nothing although a request was pending.</param>
    /// <param name="BusyUntil">The time until which no complete response is expected, as a timestamp of the clock, because a response is
    /// arriving or a quota throttles the client.</param>
    internal sealed record Connection(string Broker, long Answers, bool IsAsked, TimeSpan SilentFor, long BusyUntil);

    private sealed record State(TimeSpan At, List<Connection> Brokers, Dictionary<int, Connection> ByPartition, Connection? MostSilent);
}
