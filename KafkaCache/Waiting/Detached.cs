namespace KafkaCaching.Waiting;

/// <summary>Starts timers, threads and clients that outlive their caller. They don't get the caller's execution context: they would keep it
/// alive, with the request that it may hold, and their log lines would have that request's scopes and trace.</summary>
internal static class Detached
{
    public static T Start<T>(Func<T> start)
    {
        if (ExecutionContext.IsFlowSuppressed())
            return start();
        using (ExecutionContext.SuppressFlow())
            return start();
    }
}
