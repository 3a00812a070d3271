namespace KafkaCaching.Waiting;

/// <summary>Runs calls that block for a network round trip, a disk access or longer. Each runs on its own thread, because the pool may have
/// no thread left.</summary>
internal static class Blocking
{
    public static Task<T> RunAsync<T>(Func<T> call) =>
        Task.Factory.StartNew(call, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    public static Task RunAsync(Action call) =>
        Task.Factory.StartNew(call, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
}
