namespace KafkaCaching.Waiting;

/// <summary>Ends an object once, on the thread of the first caller. Every other caller waits until that end is over, because its own call
/// promises the same: that everything has been released.</summary>
internal sealed class SingleEnd
{
    private readonly TaskCompletionSource _over = new();
    private Thread? _ending;

    /// <summary>Whether the end has begun.</summary>
    public bool HasBegun => Volatile.Read(ref _ending) is not null;

    public void Run(Action end)
    {
        if (Interlocked.CompareExchange(ref _ending, Thread.CurrentThread, null) is { } other)
        {
            // A call from within the end would wait for itself.
            if (other != Thread.CurrentThread)
                _over.Task.Wait();
            return;
        }

        try
        {
            end();
        }
        finally
        {
            _over.SetResult();
        }
    }
}
