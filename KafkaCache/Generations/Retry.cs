namespace KafkaCaching.Generations;

/// <summary>The pauses between the attempts of the replay thread.</summary>
internal static class Retry
{
    private static readonly TimeSpan Last = TimeSpan.FromSeconds(1);

    public static TimeSpan First { get; } = TimeSpan.FromMilliseconds(100);

    /// <summary>The pause that follows this one: twice as long, up to one second.</summary>
    public static TimeSpan After(TimeSpan pause) => pause * 2 < Last ? pause * 2 : Last;

    /// <exception cref="OperationCanceledException">The cache is stopping.</exception>
    public static void Wait(TimeSpan pause, TimeProvider time, CancellationToken stopping)
    {
        if (pause > TimeSpan.Zero)
            Task.Delay(pause, time, stopping).GetAwaiter().GetResult();
        else
            stopping.ThrowIfCancellationRequested();
    }
}
