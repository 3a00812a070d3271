namespace KafkaCaching;

/// <summary>Collects what the puts of one asynchronous flow, for example a web request, have written: the highest position for each cache
/// and partition. Pass the positions to a reader elsewhere, which waits for them before it reads. Safe for any thread.</summary>
public sealed class WrittenPositions
{
    private static readonly AsyncLocal<WrittenPositions?> Ambient = new();

    private readonly Lock _gate = new();
    private readonly Dictionary<(string Cache, int Partition), long> _highest = [];

    private WrittenPositions()
    {
    }

    /// <summary>Starts to collect, for the caller's asynchronous flow and everything that it starts.</summary>
    /// <returns>The object that collects the positions.</returns>
    public static WrittenPositions Gather() => Ambient.Value = new WrittenPositions();

    /// <summary>Notes that a record is in the log. If nobody collects, this costs only one check.</summary>
    internal static void Note(string cache, CachePosition position) => Ambient.Value?.Add(cache, position);

    /// <summary>Returns what has been collected so far.</summary>
    /// <returns>The names of the caches with the positions, ordered by cache and partition.</returns>
    public IReadOnlyList<(string Cache, CachePosition Position)> Snapshot()
    {
        lock (_gate)
        {
            return
            [
                .. _highest.Select(static one => (one.Key.Cache, Position: new CachePosition(one.Key.Partition, one.Value)))
                    .OrderBy(static one => one.Cache, StringComparer.Ordinal).ThenBy(static one => one.Position.Partition),
            ];
        }
    }

    private void Add(string cache, CachePosition position)
    {
        lock (_gate)
        {
            var key = (cache, position.Partition);
            _highest[key] = Math.Max(position.Offset, _highest.GetValueOrDefault(key));
        }
    }
}
