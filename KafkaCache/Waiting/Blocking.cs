namespace KafkaCaching.Waiting;

/// <summary>Runs calls that block for a network round trip, a disk access or longer. Each call runs on a separate thread, because the
/// thread pool may have no free thread.</summary>
internal static class Blocking
{
    public static Task<T> RunAsync<T>(Func<T> call) =>
        Task.Factory.StartNew(call, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    public static Task RunAsync(Action call) =>
        Task.Factory.StartNew(call, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
}
