using System.Collections.Concurrent;

namespace KafkaCaching.EntityFrameworkCore.Queries;

/// <summary>Of all callers that miss one result at the same time, lets one read the database while the others wait until it has.</summary>
/// <remarks>A caller's context is its own, so that it runs its query itself and to the end, and hands nothing on: those who wait look into
/// the cache again. There, the result is checked against all that was invalidated before they asked. Whoever then finds nothing, because
/// the reader failed or gave up, or because the result was invalidated or is too large, reads the database for itself.</remarks>
internal sealed class ResultFlights
{
    private readonly ConcurrentDictionary<string, TaskCompletionSource> _flights = new(StringComparer.Ordinal);

    /// <param name="key">The key of the result.</param>
    /// <param name="other">The end of the read of another caller.</param>
    /// <returns>Whether this caller reads, and then calls <see cref="Land"/>.</returns>
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
