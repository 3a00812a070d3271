namespace KafkaCaching;

/// <summary>Collects the positions that the puts of one asynchronous flow, for example a web request, have written: the highest one for
/// each cache and partition. Pass the positions to another reader, for example in another process, which can wait for them before it reads.
/// Every member may be called from any thread.</summary>
public sealed class WrittenPositions
{
    private static readonly AsyncLocal<WrittenPositions?> Ambient = new();

    private readonly Lock _gate = new();
    private readonly Dictionary<(string Cache, int Partition), long> _highest = [];
    private readonly List<Task> _expected = [];

    private WrittenPositions()
    {
    }

    /// <summary>Starts to collect positions, for the caller's asynchronous flow and everything that it starts.</summary>
    /// <returns>The object that collects the positions.</returns>
    public static WrittenPositions Gather() => Ambient.Value = new WrittenPositions();

    /// <summary>Whether the caller's asynchronous flow collects positions.</summary>
    public static bool IsGathering => Ambient.Value is not null;

    /// <summary>Makes <see cref="SnapshotAsync"/> wait for a write that continues after its caller has returned. The write must have begun
    /// in the caller's asynchronous flow, so that its puts are collected. The call has no effect if the flow collects no
    /// positions.</summary>
    /// <param name="write">The write. It should have its own time limit. If it fails, it is left out of the snapshot.</param>
    /// <exception cref="ArgumentNullException"><paramref name="write"/> is <see langword="null"/>.</exception>
    public static void Expect(Task write)
    {
        ArgumentNullException.ThrowIfNull(write);
        Ambient.Value?.Add(write);
    }

    /// <summary>Records that a record is in the log. Puts do this themselves. This method is for code that writes on behalf of several
    /// asynchronous flows. If the flow collects no positions, the call costs only one check.</summary>
    /// <param name="cache">The name of the cache.</param>
    /// <param name="position">The record's position.</param>
    /// <exception cref="ArgumentNullException"><paramref name="cache"/> is <see langword="null"/>.</exception>
    public static void Note(string cache, CachePosition position)
    {
        ArgumentNullException.ThrowIfNull(cache);
        Ambient.Value?.Add(cache, position);
    }

    /// <summary>Waits for the writes that are expected, and returns what has been collected by then.</summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The names of the caches with the positions, ordered by cache and partition.</returns>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public async Task<IReadOnlyList<(string Cache, CachePosition Position)>> SnapshotAsync(CancellationToken cancellationToken = default)
    {
        foreach (var write in Expected())
            await write.WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        cancellationToken.ThrowIfCancellationRequested();
        return Snapshot();
    }

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

    private void Add(Task write)
    {
        lock (_gate)
        {
            _expected.RemoveAll(static done => done.IsCompleted);
            if (!write.IsCompleted)
                _expected.Add(write);
        }
    }

    private Task[] Expected()
    {
        lock (_gate)
            return [.. _expected];
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
