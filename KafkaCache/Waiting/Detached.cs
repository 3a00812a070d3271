namespace KafkaCaching.Waiting;

/// <summary>Starts timers, threads and clients that outlive their caller. They don't inherit the caller's execution context. They would
/// keep the context in memory, including a request that it refers to, and their log lines would have that request's scopes and
/// trace.</summary>
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
