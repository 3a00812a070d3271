using System.Collections.Concurrent;

namespace KafkaCaching.Tests.Promises;

/// <summary>Records what readers and writers of one instance saw, and finds what can't be: a read that goes back behind what was seen or
/// written before it began, by whomever, and a read of what the log doesn't hold. Each key stays in one partition. Used by many threads at
/// once.</summary>
/// <remarks>What is known of a key is its floor. An entry seen at offset n makes it 2n: a later read shows n or more. A key seen missing
/// after that, or removed at n, makes it 2n + 1: a later read shows more than n, or nothing. A read takes the floor before it begins, since
/// whoever raises it meanwhile may be later.</remarks>
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

    /// <summary>What a read that begins now must show at least.</summary>
    public long Floor(string key) => _floors.GetValueOrDefault(key, NoFloor);

    /// <summary>A put of this instance, or a remove, whose wait for the apply was kept.</summary>
    public void Wrote(string key, string? value, long offset)
    {
        Interlocked.Increment(ref _operations);
        if (value is not null)
            Show(key, value, offset);
        Raise(key, value is null ? (2 * offset) + 1 : 2 * offset);
    }

    /// <summary>A read that tells the offset: TryGetEntry or Scan.</summary>
    public void SawEntry(string key, long floor, string value, long offset)
    {
        Interlocked.Increment(ref _operations);
        Show(key, value, offset);
        if (2 * offset < floor)
            _violations.Enqueue($"{instance}: '{key}' showed offset {offset} after {Name(floor)}");
        Raise(key, 2 * offset);
    }

    /// <summary>A read that tells the value alone: Get or TryGetBytes.</summary>
    public void SawValue(string key, long floor, string value)
    {
        Interlocked.Increment(ref _operations);
        if (_places.TryGetValue((key, value), out var offset) && 2 * offset >= floor)
            Raise(key, 2 * offset);
        else
            _unplaced.Enqueue((key, value, floor)); // Its place in the log decides.
    }

    public void SawNothing(string key, long floor)
    {
        Interlocked.Increment(ref _operations);
        if (floor < 0 || floor % 2 != 0)
            return;
        _missing.TryAdd((key, floor / 2), true);
        Raise(key, floor + 1);
    }

    /// <summary>Holds what only the log can decide against it.</summary>
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

    // One value may be at two offsets: the client may send a record again whose outcome it does not know.
    private void Show(string key, string value, long offset)
    {
        if (!_shown.ContainsKey((key, value, offset)) && _shown.TryAdd((key, value, offset), true))
            _places.AddOrUpdate((key, value), static (_, seen) => seen, static (_, one, seen) => Math.Max(one, seen), offset);
    }

    private static string Name(long floor) => floor % 2 == 0 ? $"offset {floor / 2}" : $"it was gone after offset {floor / 2}";

    private void Raise(string key, long floor) =>
        _floors.AddOrUpdate(key, static (_, raised) => raised, static (_, seen, raised) => Math.Max(seen, raised), floor);
}
