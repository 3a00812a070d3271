namespace KafkaCaching.Waiting;

/// <summary>Waits for tasks, and allows the wait to be abandoned. If the task fails after that, the failure is irrelevant. If it were left
/// unobserved, it would be reported to the application's <see cref="TaskScheduler.UnobservedTaskException"/>.</summary>
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

    /// <summary>Marks a failure of the task as observed, even if no other code observes it.</summary>
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
