namespace KafkaCaching.Hybrid.Fills;

/// <summary>Refuses waits that would never end. A factory may ask the cache for other entries and so wait for their flights. If one of
/// these flights already waits for the factory's own flight, neither would ever land.</summary>
internal sealed class NestedWaits
{
    private readonly AsyncLocal<Flight?> _running = new();
    private readonly Lock _gate = new();

    /// <summary>Notes that the calling method now runs the factory of a flight. The note applies to the method's execution
    /// context.</summary>
    public void Run(Flight flight) => _running.Value = flight;

    /// <summary>Called before the current code waits for a flight.</summary>
    /// <returns>The flight whose factory waits; <see langword="null"/> if the code is not part of a factory.</returns>
    /// <exception cref="InvalidOperationException">The flight waits for the factory that would wait for it.</exception>
    public Flight? Begin(Flight awaited)
    {
        // A factory may leave code behind that runs in its execution context after its flight has ended.
        if (_running.Value is not { HasEnded: false } waiting)
            return null;
        lock (_gate)
        {
            if (IsWaitingFor(awaited, waiting))
                throw new InvalidOperationException(
                    "The factory of an entry asked the cache for that same entry, directly or through the factories of other entries, and "
                    + "would have waited for itself. Read the source in the factory, or use another key there.");
            waiting.WaitsFor.Add(awaited);
        }

        return waiting;
    }

    public void End(Flight? waiting, Flight awaited)
    {
        if (waiting is null)
            return;
        lock (_gate)
            waiting.WaitsFor.Remove(awaited);
    }

    // The waits form no cycle, because a wait that would close one is refused.
    private static bool IsWaitingFor(Flight flight, Flight awaited)
    {
        if (flight == awaited)
            return true;
        foreach (var next in flight.WaitsFor)
        {
            if (IsWaitingFor(next, awaited))
                return true;
        }

        return false;
    }
}
