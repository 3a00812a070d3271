namespace KafkaCaching.Waiting;

/// <summary>Waits that may be given up. What a task fails with after that is nobody's news: unobserved it would reach the application's
/// <see cref="TaskScheduler.UnobservedTaskException"/>, from a cache that ended in order.</summary>
internal static class Abandonment
{
    public static Task<T> WaitOrAbandonAsync<T>(this Task<T> task, CancellationToken cancellationToken)
    {
        task.Observe();
        return task.WaitAsync(cancellationToken);
    }

    public static Task<T> WaitOrAbandonAsync<T>(this Task<T> task, TimeSpan timeout, TimeProvider time)
    {
        task.Observe();
        return task.WaitAsync(timeout, time);
    }

    /// <summary>Counts a failure of the task as seen, whoever else looks at it or doesn't.</summary>
    public static void Observe(this Task task)
    {
        if (task.IsCompleted)
        {
            _ = task.Exception;
            return;
        }

        _ = task.ContinueWith(
            static failed => _ = failed.Exception,
            CancellationToken.None,
            TaskContinuationOptions.OnlyOnFaulted | TaskContinuationOptions.ExecuteSynchronously,
            TaskScheduler.Default);
    }
}
