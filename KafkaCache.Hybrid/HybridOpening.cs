using KafkaCaching.Hybrid.Openings;

namespace KafkaCaching.Hybrid;

/// <summary>Tags that are open in all processes: what has them is neither served nor stored, because what they stand for is about to
/// change. Made by <see cref="KafkaHybridCache.OpenTagsAsync"/>. Every member may be called from any number of threads.</summary>
public sealed class HybridOpening
{
    private readonly TagOpenings _openings;
    private readonly Opening _opening;

    internal HybridOpening(TagOpenings openings, Opening opening) => (_openings, _opening) = (openings, opening);

    /// <summary>Sees to it that the tags are still open for the others, for a commit that follows at once. They may have ended the opening
    /// if this process was frozen for longer than the lease; then it is written again.</summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>A task that ends when the tags are open.</returns>
    /// <exception cref="PutException">They could not be opened again.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public Task RequireAsync(CancellationToken cancellationToken = default) => _openings.RequireAsync(_opening, cancellationToken);

    /// <summary>Closes the tags. Call it after <see cref="KafkaHybridCache.RemoveByTagAsync(IEnumerable{string}, CancellationToken)"/> for
    /// what has changed, or if nothing has. The record is written in the background. A second call does nothing.</summary>
    public void Close() => _ = _openings.CloseAsync(_opening);

    /// <summary>Does what <see cref="Close"/> does, and waits until the record is written.</summary>
    /// <returns>A task that ends when it is. It fails if the record could not be written, which is then tried again.</returns>
    public Task CloseAsync() => _openings.CloseAsync(_opening);
}
