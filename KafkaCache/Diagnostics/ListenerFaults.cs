using Microsoft.Extensions.Logging;

namespace KafkaCaching.Diagnostics;

/// <summary>Receives the exceptions of code that listens to spans and durations. A record that is in the log has been put, and a record
/// that can be applied is applied, even if a listener throws. Only the first exception is logged.</summary>
internal sealed class ListenerFaults(ILogger logger, string topic)
{
    private int _isTold;

    public void Note(Exception thrown)
    {
        if (Interlocked.Exchange(ref _isTold, 1) != 0)
            return;
        try
        {
            Log.ListenerThrew(logger, thrown, topic);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // The logger threw too, so there is nowhere left to report to. A put that is in the log must not fail because of this.
        }
    }
}
