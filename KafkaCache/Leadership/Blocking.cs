namespace KafkaCaching.Leadership;

/// <summary>Runs calls of the Kafka client that block for a network round trip or longer, each on a thread of its own, so that they take
/// none from the pool.</summary>
internal static class Blocking
{
    public static Task<T> RunAsync<T>(Func<T> call) =>
        Task.Factory.StartNew(call, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    public static Task RunAsync(Action call) =>
        Task.Factory.StartNew(call, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
}
