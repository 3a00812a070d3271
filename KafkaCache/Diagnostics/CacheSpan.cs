using System.Diagnostics;

namespace KafkaCaching.Diagnostics;

/// <summary>A span until its end, or none. What listeners throw at its end is not its caller's.</summary>
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
            // The listener threw before .NET had put it back.
            Activity.Current = outer;
            faults.Note(thrown);
        }
    }
}
