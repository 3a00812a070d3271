using KafkaCaching.Clients;

namespace KafkaCaching.Replay.Sources;

/// <summary>Tells slow from silent on the connections of one consumer. librdkafka's own time-out of a request counts until the last byte of
/// the answer is in, which on a slow link or with large records takes minutes; its statistics say when the last byte came.</summary>
internal sealed class Connections(TimeProvider time, TimeSpan fetchWait)
{
    // A broker that was asked answers within fetch.wait.max.ms, or begins to; the rest is for a slow one.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    // No part of an answer may come just between two statistics.
    private const int StatisticsToLast = 3;

    // Of the time between two statistics: a process that was suspended has heard nobody either.
    private static readonly TimeSpan MostCounted = TimeSpan.FromSeconds(5);

    private State _state = new(default, [], [], MostSilent: null);

    /// <summary>How long a broker may send nothing though it was asked.</summary>
    public TimeSpan SilenceLimit { get; } = Patience + fetchWait;

    /// <summary>Any thread. The broker that has sent nothing for longest, though it was asked and partitions are read from it.</summary>
    public (string Broker, TimeSpan For)? MostSilent =>
        Volatile.Read(ref _state).MostSilent is { SilentFor.Ticks: > 0 } most ? (most.Broker, most.SilentFor) : null;

    /// <summary>Any thread. The connection that a partition is read from, where the client has said.</summary>
    public Connection? Of(int partition) => Volatile.Read(ref _state).ByPartition.GetValueOrDefault(partition);

    /// <summary>For the client's statistics handler, which it calls on the thread that asks it for records. Never throws: the record at
    /// hand would be lost.</summary>
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

        // Bytes, and no answer that ends with them: a part of one.
        var isPart = hasReceived && now.Answers == before?.Answers;
        var busy = now.Throttle > TimeSpan.Zero
            || isPart ? time.GetTimestamp() + Ticks(now.Throttle + (sinceBefore * StatisticsToLast)) : 0;
        return new Connection(
            now.Broker, now.Answers, now.Unanswered > 0, SilentFor(now, before, hasReceived, sinceBefore),
            Math.Max(busy, before?.BusyUntil ?? 0));
    }

    private static TimeSpan SilentFor(BrokerStatistics now, Connection? before, bool hasReceived, TimeSpan sinceBefore) => now switch
    {
        { Unanswered: 0 } or { SinceByte: null } or { Partitions.Length: 0 } => TimeSpan.Zero,
        { SinceByte: { } quiet } when hasReceived => quiet,

        // Asked just now, after the queue had been too full to ask for more.
        _ when before is not { IsAsked: true } => TimeSpan.Zero,
        _ => before.SilentFor + Shorter(sinceBefore, MostCounted),
    };

    private long Ticks(TimeSpan span) => (long)(span.TotalSeconds * time.TimestampFrequency);

    private static TimeSpan Shorter(TimeSpan one, TimeSpan other) => one < other ? one : other;

    /// <param name="Broker">Its address and ID.</param>
    /// <param name="Answers">Whole answers so far.</param>
    /// <param name="IsAsked">Whether it has a question to answer.</param>
    /// <param name="SilentFor">How long it has sent nothing though it was asked.</param>
    /// <param name="BusyUntil">Until then nothing whole needs to come, by the clock's own timestamps: an answer is arriving, or a quota
    /// holds the client back.</param>
    internal sealed record Connection(string Broker, long Answers, bool IsAsked, TimeSpan SilentFor, long BusyUntil);

    private sealed record State(TimeSpan At, List<Connection> Brokers, Dictionary<int, Connection> ByPartition, Connection? MostSilent);
}
