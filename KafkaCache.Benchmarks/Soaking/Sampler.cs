using System.Diagnostics;
using System.Globalization;

namespace KafkaCaching.Benchmarks.Soaking;

/// <summary>Samples the phases ten times a second and the memory once a second, and prints a line every minute.</summary>
internal sealed class Sampler : IAsyncDisposable
{
    private const int LooksPerSample = 10;
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    private readonly PhaseClock[] _clocks;
    private readonly SoakFigures _figures;
    private readonly Violations _violations;
    private readonly Func<long> _reads;
    private readonly CancellationTokenSource _ending = new();
    private readonly Task _sampling;
    private int _sampledBefore;

    public Sampler(IEnumerable<SoakTopic> topics, SoakFigures figures, Violations violations, Func<long> reads)
    {
        _clocks = [.. topics.SelectMany(static topic => topic.Instances).Select(static cache => new PhaseClock(cache))];
        _figures = figures;
        _violations = violations;
        _reads = reads;
        Console.WriteLine(
            "minute | resident MiB | managed MiB | stores MiB | writes | reads checked | faults | stale s | rebuilding s | violations");
        _sampling = Task.Run(SampleAsync);
    }

    /// <summary>The resident memory, sampled once a second.</summary>
    public List<double> Resident { get; } = [];

    public List<SoakMinute> Minutes { get; } = [];

    /// <summary>The seconds spent in a phase, over all instances.</summary>
    public double Seconds(CachePhase phase) => _clocks.Sum(clock => clock.Seconds(phase));

    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync();
        await _sampling;
        _ending.Dispose();
    }

    private async Task SampleAsync()
    {
        using var timer = new PeriodicTimer(Interval);
        var minuteBegan = Stopwatch.GetTimestamp();
        for (var looks = 1; !_ending.IsCancellationRequested; looks++)
        {
            LookAtPhases();
            if (looks % LooksPerSample == 0)
                Resident.Add(ProcessMemory.Resident);
            if (Stopwatch.GetElapsedTime(minuteBegan) >= Minute)
            {
                EndMinute();
                minuteBegan = Stopwatch.GetTimestamp();
            }

            await timer.WaitForNextTickAsync(CancellationToken.None);
        }

        if (Resident.Count > _sampledBefore)
            EndMinute();
    }

    private void LookAtPhases()
    {
        foreach (var clock in _clocks)
        {
            if (clock.Look() is { Phase: CachePhase.Faulted } faulted && !_violations.Enough.IsCancellationRequested)
                _violations.Add($"'{clock.Cache.Name}'", "a cache that goes on", $"Faulted: {faulted.Fault}", isLast: true);
        }
    }

    private void EndMinute()
    {
        var minute = new SoakMinute(
            Minutes.Count + 1, Resident.Skip(_sampledBefore).Median(), GC.GetTotalMemory(forceFullCollection: false) / ProcessMemory.MiB,
            _clocks.Sum(static clock => clock.Cache.Status.MemoryBytes) / ProcessMemory.MiB, _figures.Operations.Total, _reads(),
            _figures.Recoveries.Count,
            Seconds(CachePhase.Stale), Seconds(CachePhase.Rebuilding), _violations.Count);
        _sampledBefore = Resident.Count;
        Minutes.Add(minute);
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{minute.Minute,6} | {minute.ResidentMiB,12:0.0} | {minute.ManagedMiB,11:0.0} | {minute.StoresMiB,10:0.0} | "
            + $"{minute.Writes,6:0} | {minute.Reads,13:0} | {minute.Faults,6} | {minute.StaleSeconds,7:0.0} | "
                + $"{minute.RebuildingSeconds,12:0.0} | {minute.Violations,10}"));
    }
}
