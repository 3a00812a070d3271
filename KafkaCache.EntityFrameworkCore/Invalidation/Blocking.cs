namespace KafkaCaching.EntityFrameworkCore.Invalidation;

/// <summary>Waits where Entity Framework's own call is a blocking one.</summary>
internal static class Blocking
{
    // On a thread of the pool, so that no synchronization context of the caller is needed to go on.
    public static void Wait(Func<Task> run) => Task.Run(run).GetAwaiter().GetResult();

    /// <summary>Waits for what mostly has ended already. It goes on without the caller's synchronization context.</summary>
    public static void Wait(ValueTask running)
    {
        if (running.IsCompleted)
            running.GetAwaiter().GetResult();
        else
            running.AsTask().GetAwaiter().GetResult();
    }
}
