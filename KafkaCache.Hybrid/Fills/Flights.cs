using System.Collections.Concurrent;

namespace KafkaCaching.Hybrid.Fills;

/// <summary>The flights that are under way, at most one for each key.</summary>
internal sealed class Flights
{
    private readonly ConcurrentDictionary<FlightKey, Flight> _flights = [];
    private volatile bool _hasEnded;

    /// <summary>Joins the flight of a key if the caller may join it; otherwise adds a new flight, which the caller runs.</summary>
    /// <param name="key">The key.</param>
    /// <param name="mayJoin">Decides whether the value of a flight would be current for the caller. If it would not, the flight is replaced
    /// in the table; its own callers still get its value.</param>
    /// <param name="create">Creates a flight.</param>
    /// <exception cref="ObjectDisposedException">The cache has been disposed of.</exception>
    public (TFlight Flight, bool IsNew) JoinOrAdd<TFlight>(FlightKey key, Func<TFlight, bool> mayJoin, Func<TFlight> create)
        where TFlight : Flight
    {
        TFlight? made = null;
        while (true)
        {
            ObjectDisposedException.ThrowIf(_hasEnded, typeof(KafkaHybridCache));
            if (_flights.TryGetValue(key, out var there))
            {
                var flight = (TFlight)there;
                if (mayJoin(flight) && flight.TryJoin())
                    return (flight, false);
                made ??= create();
                if (_flights.TryUpdate(key, made, flight))
                    return (Added(made), true);
            }
            else
            {
                made ??= create();
                if (_flights.TryAdd(key, made))
                    return (Added(made), true);
            }
        }
    }

    public void Remove(Flight flight) => _flights.TryRemove(KeyValuePair.Create(flight.Key, flight));

    public void End()
    {
        _hasEnded = true;
        foreach (var flight in _flights.Values)
            flight.End(Ended());
    }

    // A flight that is added while End runs may be missed by its loop, so it is also ended here. Ending a flight twice does no harm.
    private TFlight Added<TFlight>(TFlight flight)
        where TFlight : Flight
    {
        if (_hasEnded)
            flight.End(Ended());
        return flight;
    }

    private static ObjectDisposedException Ended() => new(nameof(KafkaHybridCache));
}
