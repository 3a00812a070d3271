using KafkaCaching.Diagnostics;
using KafkaCaching.Replay;
using KafkaCaching.Replay.Sources;
using Microsoft.Extensions.Logging;

namespace KafkaCaching.Generations;

/// <summary>Notices a broker that was asked for records and has sent nothing, whether the log has anything new or not. Replay thread: the
/// watch looks only every few seconds, and only at logs with something new.</summary>
internal sealed class SilentBroker(string topic, ILogger logger)
{
    private const int MaxDoublings = 6;

    private int _silences;
    private long _recordsAtSilence;

    /// <returns>That another consumer is due, or <see langword="null"/>.</returns>
    public ReplayEnd? Look(Connections? connections, Deliveries deliveries)
    {
        if (connections?.MostSilent is not { } silent || silent.For < Limit(connections, deliveries))
            return null;
        (_silences, _recordsAtSilence) = (Math.Min(_silences + 1, MaxDoublings), deliveries.Records);
        Log.BrokerSilent(logger, topic, silent.Broker, silent.For.TotalSeconds);
        return ReplayEnd.SourceBroken;
    }

    // Doubled after each consumer that brought nothing: a broker that never gets round to an answer isn't helped by being asked again and
    // again.
    private TimeSpan Limit(Connections connections, Deliveries deliveries)
    {
        if (deliveries.Records != _recordsAtSilence)
            _silences = 0;
        return connections.SilenceLimit * (1 << _silences);
    }
}
