using System.Collections.Concurrent;

namespace KafkaCaching.EntityFrameworkCore.Queries;

/// <summary>Lets one of the callers that miss the same result at the same time read the database, while the others wait until it has
/// finished.</summary>
/// <remarks>Each caller has its own context, so the caller that reads the database passes no objects to the others. The callers that waited
/// look in the cache again, which checks the result against everything that was invalidated before they asked. A caller that then finds
/// nothing reads the database itself, for example because the first caller failed or was cancelled, or because the result was invalidated
/// or is too large.</remarks>
internal sealed class ResultFlights
{
    private readonly ConcurrentDictionary<string, TaskCompletionSource> _flights = new(StringComparer.Ordinal);

    /// <param name="key">The key of the result.</param>
    /// <param name="other">A task that completes when the other caller has finished.</param>
    /// <returns>Whether this caller reads. If so, it must call <see cref="Land"/> afterwards.</returns>
    public bool TryBegin(string key, out Task other)
    {
        var own = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var first = _flights.GetOrAdd(key, own);
        other = first.Task;
        return ReferenceEquals(first, own);
    }

    public void Land(string key)
    {
        if (_flights.TryRemove(key, out var landed))
            landed.SetResult();
    }
}
