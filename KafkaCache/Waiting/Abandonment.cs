namespace KafkaCaching.Waiting;

/// <summary>Waits that may be abandoned. If the task fails after that, its failure does not matter. Left unobserved, it would reach the
/// application's <see cref="TaskScheduler.UnobservedTaskException"/>, although the cache ended properly.</summary>
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

    /// <summary>Marks a failure of the task as observed, whether or not other code looks at it.</summary>
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
