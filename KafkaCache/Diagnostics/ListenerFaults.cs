using Microsoft.Extensions.Logging;

namespace KafkaCaching.Diagnostics;

/// <summary>Where the exceptions of those who listen to spans and durations end: a record that is in the log has been put, and one that can
/// be applied is applied, whatever a listener thinks of it. The first is told.</summary>
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
            // The logger threw too, and nobody is left to tell: a put that is in the log must not end by it.
        }
    }
}
