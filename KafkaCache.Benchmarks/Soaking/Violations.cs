using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;

namespace KafkaCaching.Benchmarks.Soaking;

/// <summary>The violations of the cache's guarantees. Each is printed immediately. The run ends after too many violations, or after one
/// that makes further checks useless.</summary>
internal sealed class Violations(LibraryLog log) : IDisposable
{
    private const int MaxShown = 20;

    private readonly long _started = Stopwatch.GetTimestamp();
    private readonly ConcurrentQueue<string> _all = new();
    private readonly CancellationTokenSource _enough = new();

    public int Count => _all.Count;

    public IReadOnlyCollection<string> All => _all;

    /// <summary>A token that is cancelled when the run should end.</summary>
    public CancellationToken Enough => _enough.Token;

    public void Add(string what, string expected, string found, bool isLast = false)
    {
        var line = string.Create(
            CultureInfo.InvariantCulture,
            $"VIOLATION at {Stopwatch.GetElapsedTime(_started).TotalSeconds:0.0} s: {what}: expected {expected}; found {found}");
        _all.Enqueue(line);
        Console.Error.WriteLine(line);
        if (_all.Count == 1)
            log.WriteLatest(Console.Error);
        if (isLast || _all.Count >= MaxShown)
            _enough.Cancel();
    }

    public void Dispose() => _enough.Dispose();
}
