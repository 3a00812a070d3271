namespace KafkaCaching.EntityFrameworkCore.Invalidation;

/// <summary>Waits synchronously where Entity Framework itself makes a blocking call.</summary>
internal static class Blocking
{
    // The task is started on the thread pool, so that the continuations don't need the caller's synchronization context.
    public static void Wait(Func<Task> run) => Task.Run(run).GetAwaiter().GetResult();

    /// <summary>Waits for a task that has usually completed already. Its continuations don't need the caller's synchronization
    /// context.</summary>
    public static void Wait(ValueTask running)
    {
        if (running.IsCompleted)
            running.GetAwaiter().GetResult();
        else
            running.AsTask().GetAwaiter().GetResult();
    }
}
