namespace KafkaCaching.Views;

/// <summary>Reads one change of a cache's watch in advance, so that several watches can be awaited at once.</summary>
internal abstract class ChangeReader : IAsyncDisposable
{
    /// <summary>A task that completes when the next change is available.</summary>
    public abstract Task<bool> Next { get; }

    /// <summary>Begins to wait for the change after the current one.</summary>
    public abstract void Advance();

    public abstract ValueTask DisposeAsync();
}

/// <inheritdoc/>
internal sealed class ChangeReader<TKey, TValue>(IAsyncEnumerator<CacheChange<TKey, TValue>> changes) : ChangeReader
    where TKey : notnull
{
    private Task<bool> _next = Task.FromResult(true);

    public override Task<bool> Next => _next;

    public CacheChange<TKey, TValue> Current => changes.Current;

    public override void Advance() => _next = changes.MoveNextAsync().AsTask();

    // A watch can't be disposed of while it waits, so the wait is awaited first. The caller has cancelled it.
    public override async ValueTask DisposeAsync()
    {
        await ((Task)_next).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await changes.DisposeAsync().ConfigureAwait(false);
    }
}
