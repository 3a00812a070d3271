namespace KafkaCaching.Hybrid.Fills;

/// <summary>Refuses waits that would be deadlocks. A factory may ask the cache for other entries and so wait for their flights. If one of
/// these flights is already waiting for the factory's own flight, neither would ever end.</summary>
internal sealed class NestedWaits
{
    private readonly AsyncLocal<Flight?> _running = new();
    private readonly Lock _gate = new();

    /// <summary>Records in the current execution context that the calling method runs the factory of a flight.</summary>
    public void Run(Flight flight) => _running.Value = flight;

    /// <summary>Called before the current code waits for a flight.</summary>
    /// <returns>The flight whose factory waits; <see langword="null"/> if the code is not part of a factory.</returns>
    /// <exception cref="InvalidOperationException">The flight waits for the factory that would wait for it.</exception>
    public Flight? Begin(Flight awaited)
    {
        // A factory may start code that continues in its execution context after its flight has ended.
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

    // The recursion ends, because a wait that would close a cycle is refused.
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
