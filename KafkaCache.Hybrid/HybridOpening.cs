using KafkaCaching.Hybrid.Openings;

namespace KafkaCaching.Hybrid;

/// <summary>An opening of tags: in all processes, entries with one of these tags are neither served nor stored, because the data behind the
/// tags is about to change. <see cref="KafkaHybridCache.OpenTagsAsync"/> creates it. Every member may be called from any number of threads
/// at once.</summary>
public sealed class HybridOpening
{
    private readonly TagOpenings _openings;
    private readonly Opening _opening;

    internal HybridOpening(TagOpenings openings, Opening opening) => (_openings, _opening) = (openings, opening);

    /// <summary>Makes sure that the tags are still open in the other processes. Call it immediately before the commit. If this process was
    /// frozen for longer than the lease, the other processes may have ended the opening; it is then written again.</summary>
    /// <param name="cancellationToken">Cancels the wait.</param>
    /// <returns>A task that completes when the tags are open.</returns>
    /// <exception cref="PutException">The tags could not be opened again.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    /// <exception cref="ObjectDisposedException">The tags had to be opened again, and the cache has been disposed of.</exception>
    public Task RequireAsync(CancellationToken cancellationToken = default) => _openings.RequireAsync(_opening, cancellationToken);

    /// <summary>Closes the tags. Call it after <see cref="KafkaHybridCache.RemoveByTagAsync(IEnumerable{string}, CancellationToken)"/> has
    /// invalidated the tags whose data has changed. If no data has changed, that call is not needed. The record is written in the
    /// background. A second call has no effect.</summary>
    public void Close() => _ = _openings.CloseAsync(_opening);

    /// <summary>Does the same as <see cref="Close"/>, and waits until the record is written.</summary>
    /// <returns>A task that completes when the record is written. It fails if the record could not be written; the write is then retried,
    /// unless the cache has been disposed of.</returns>
    public Task CloseAsync() => _openings.CloseAsync(_opening);
}
