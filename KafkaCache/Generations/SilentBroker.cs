using KafkaCaching.Diagnostics;
using KafkaCaching.Replay;
using KafkaCaching.Replay.Sources;
using Microsoft.Extensions.Logging;

namespace KafkaCaching.Generations;

/// <summary>Detects a broker that does not respond to fetch requests, whether or not the log has new records. It runs on the replay thread,
/// because the <see cref="Watch.TopicPoller"/> checks only every few seconds, and detects a silent consumer only if the log has new
/// records.</summary>
internal sealed class SilentBroker(string topic, ILogger logger)
{
    private const int MaxDoublings = 6;

    private int _silences;
    private long _recordsAtSilence;

    /// <returns><see cref="ReplayEnd.SourceBroken"/> when the consumer must be replaced; otherwise <see langword="null"/>.</returns>
    public ReplayEnd? Look(Connections? connections, Deliveries deliveries)
    {
        if (connections?.MostSilent is not { } silent || silent.For < Limit(connections, deliveries))
            return null;
        (_silences, _recordsAtSilence) = (Math.Min(_silences + 1, MaxDoublings), deliveries.Records);
        Log.BrokerSilent(logger, topic, silent.Broker, silent.For.TotalSeconds);
        return ReplayEnd.SourceBroken;
    }

    // The limit doubles after each consumer that has delivered nothing, because ever more requests do not help a broker that is too busy to
    // respond.
    private TimeSpan Limit(Connections connections, Deliveries deliveries)
    {
        if (deliveries.Records != _recordsAtSilence)
            _silences = 0;
        return connections.SilenceLimit * (1 << _silences);
    }
}
