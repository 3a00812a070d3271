using System.Collections.Concurrent;

namespace KafkaCaching.Tests.Promises;

/// <summary>Records what readers and writers of one instance saw, and finds violations: a read that is older than something that any thread
/// had seen or written before the read began, and a read of a value that is not in the log. Each key must stay in one partition.
/// Thread-safe.</summary>
/// <remarks>Each key has a floor. If an entry was seen at offset n, the floor is 2n: later reads must return offset n or more. If the key
/// was then missing, or was removed at n, the floor is 2n + 1: later reads must return an offset above n, or nothing. A read takes the
/// floor before it begins, because a concurrent operation may raise it.</remarks>
internal sealed class ReadHistory(string instance)
{
    public const long NoFloor = -1;

    private readonly ConcurrentDictionary<string, long> _floors = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<(string Key, string Value), long> _places = [];
    private readonly ConcurrentDictionary<(string Key, string Value, long Offset), bool> _shown = [];
    private readonly ConcurrentDictionary<(string Key, long Offset), bool> _missing = [];
    private readonly ConcurrentQueue<(string Key, string Value, long Floor)> _unplaced = [];
    private readonly ConcurrentQueue<string> _violations = [];
    private long _operations;

    public long Operations => Volatile.Read(ref _operations);

    public IReadOnlyCollection<string> Violations => _violations;

    /// <summary>The lowest result that a read that begins now may return.</summary>
    public long Floor(string key) => _floors.GetValueOrDefault(key, NoFloor);

    /// <summary>Records a put or removal of this instance whose wait for the apply succeeded.</summary>
    public void Wrote(string key, string? value, long offset)
    {
        Interlocked.Increment(ref _operations);
        if (value is not null)
            Show(key, value, offset);
        Raise(key, value is null ? (2 * offset) + 1 : 2 * offset);
    }

    /// <summary>Records a read that returns the offset: TryGetEntry or Scan.</summary>
    public void SawEntry(string key, long floor, string value, long offset)
    {
        Interlocked.Increment(ref _operations);
        Show(key, value, offset);
        if (2 * offset < floor)
            _violations.Enqueue($"{instance}: '{key}' showed offset {offset} after {Name(floor)}");
        Raise(key, 2 * offset);
    }

    /// <summary>Records a read that returns only the value: Get or TryGetBytes.</summary>
    public void SawValue(string key, long floor, string value)
    {
        Interlocked.Increment(ref _operations);
        if (_places.TryGetValue((key, value), out var offset) && 2 * offset >= floor)
            Raise(key, 2 * offset);
        else
            _unplaced.Enqueue((key, value, floor)); // This read is compared with the log later.
    }

    public void SawNothing(string key, long floor)
    {
        Interlocked.Increment(ref _operations);
        if (floor < 0 || floor % 2 != 0)
            return;
        _missing.TryAdd((key, floor / 2), true);
        Raise(key, floor + 1);
    }

    /// <summary>Checks with the log what could not be checked before.</summary>
    public void Settle(IReadOnlyList<LoggedRecord> log)
    {
        var places = log.Where(static record => record.Value is not null)
            .ToLookup(static record => (record.Key, record.Value!), static record => record.Position.Offset);
        foreach (var (key, value, floor) in _unplaced)
        {
            if (!places.Contains((key, value)))
                _violations.Enqueue($"{instance}: '{key}' showed a value that is not in the log");
            else if (2 * places[(key, value)].Max() < floor)
                _violations.Enqueue($"{instance}: '{key}' showed the value of offset {places[(key, value)].Max()} after {Name(floor)}");
        }

        foreach (var (key, value, offset) in _shown.Keys)
        {
            if (!places[(key, value)].Contains(offset))
                _violations.Enqueue($"{instance}: '{key}' showed at offset {offset} what the log does not hold there");
        }

        var lastTombstones = log.Where(static record => record.Value is null)
            .GroupBy(static record => record.Key, StringComparer.Ordinal)
            .ToDictionary(static key => key.Key, static key => key.Max(static record => record.Position.Offset), StringComparer.Ordinal);
        foreach (var (key, offset) in _missing.Keys)
        {
            if (lastTombstones.GetValueOrDefault(key, -1) <= offset)
                _violations.Enqueue($"{instance}: '{key}' was missing after offset {offset}, and no tombstone follows");
        }
    }

    // A value may be at two offsets, because the client may send a record of unknown outcome again.
    private void Show(string key, string value, long offset)
    {
        if (!_shown.ContainsKey((key, value, offset)) && _shown.TryAdd((key, value, offset), true))
            _places.AddOrUpdate((key, value), static (_, seen) => seen, static (_, one, seen) => Math.Max(one, seen), offset);
    }

    private static string Name(long floor) => floor % 2 == 0 ? $"offset {floor / 2}" : $"it was gone after offset {floor / 2}";

    private void Raise(string key, long floor) =>
        _floors.AddOrUpdate(key, static (_, raised) => raised, static (_, seen, raised) => Math.Max(seen, raised), floor);
}
