using Microsoft.Extensions.Logging;

namespace KafkaCaching.Diagnostics;

/// <summary>Receives the exceptions that listeners to spans and durations throw, because such an exception must not fail a put whose record
/// is in the log, and must not prevent a record from being applied. Only the first exception is logged.</summary>
internal sealed class ListenerFaults(ILogger logger, string topic)
{
    private int _isTold;

    public void Note(Exception thrown)
    {
        if (Interlocked.Exchange(ref _isTold, 1) == 0)
            Log.ListenerThrew(logger, thrown, topic);
    }
}
