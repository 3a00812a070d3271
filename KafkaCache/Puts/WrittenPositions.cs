namespace KafkaCaching;

/// <summary>Gathers what the puts of one asynchronous flow have written, a web request for example: for each cache and partition the
/// highest position. Hand these to whoever reads elsewhere, which waits for them before it reads. Any thread.</summary>
public sealed class WrittenPositions
{
    private static readonly AsyncLocal<WrittenPositions?> Ambient = new();

    private readonly Lock _gate = new();
    private readonly Dictionary<(string Cache, int Partition), long> _highest = [];

    private WrittenPositions()
    {
    }

    /// <summary>Begins to gather, for the caller's asynchronous flow and all that it starts.</summary>
    /// <returns>What will hold the positions.</returns>
    public static WrittenPositions Gather() => Ambient.Value = new WrittenPositions();

    /// <summary>A record is in the log. Costs a look where nobody gathers.</summary>
    internal static void Note(string cache, CachePosition position) => Ambient.Value?.Add(cache, position);

    /// <summary>What has been gathered so far.</summary>
    /// <returns>Names of caches and positions, in the order of caches and partitions.</returns>
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
