using System.Diagnostics;

namespace KafkaCaching.Diagnostics;

/// <summary>A span that ends when it is disposed of, or no span at all. If a listener throws an exception at the span's end, the exception
/// does not reach the caller.</summary>
internal readonly struct CacheSpan(Activity? activity, Activity? outer, ListenerFaults faults) : IDisposable
{
    public Activity? Activity => activity;

    public void Dispose()
    {
        if (activity is null)
            return;
        try
        {
            activity.Dispose();
        }
        catch (Exception thrown)
        {
            // The listener threw before .NET had restored the outer activity.
            Activity.Current = outer;
            faults.Note(thrown);
        }
    }
}
