using System.Numerics;
using KafkaCaching.Hybrid;

namespace KafkaCaching.EntityFrameworkCore.Diagnostics;

/// <summary>The costs and savings of the reads of one query. Each processor has its own counters, in cache lines that it shares with no
/// other, so that counting a hit takes a few nanoseconds with any number of threads.</summary>
internal sealed class QueryCounts
{
    // The number of longs in two cache lines, so that no two lanes share a line.
    private const int LaneLength = 16;

    // The index of the saved time in a lane, after the indexes of the outcomes.
    private const int Saved = 3;

    private readonly int _mask;
    private readonly long[] _lanes;
    private readonly QueryTracing _tracing;
    private long _timed;
    private long _databaseTicks;
    private long _meanTicks;

    public QueryCounts(string cache, string name)
    {
        Name = name;
        var lanes = (int)BitOperations.RoundUpToPowerOf2((uint)Math.Min(Environment.ProcessorCount, 64));
        _mask = lanes - 1;
        _lanes = new long[(lanes + 1) * LaneLength];
        _tracing = new QueryTracing(cache, name);
    }

    public string Name { get; }

    public TimeSpan DatabaseTime => new(Interlocked.Read(ref _databaseTicks));

    public TimeSpan SavedTime => new(Total(Saved));

    public long Total(QueryOutcome outcome) => Total((int)outcome);

    public void CountHit()
    {
        Add((int)QueryOutcome.Hit, 1);
        Add(Saved, Interlocked.Read(ref _meanTicks));
        _tracing.Note(QueryOutcome.Hit);
    }

    public void CountMiss()
    {
        Add((int)QueryOutcome.Miss, 1);
        _tracing.Note(QueryOutcome.Miss);
    }

    public void CountBypassed()
    {
        Add((int)QueryOutcome.Bypassed, 1);
        _tracing.Note(QueryOutcome.Bypassed);
    }

    /// <summary>Adds the time that the database took for a miss whose rows were read to the end.</summary>
    /// <remarks>If two misses end together, the mean may combine the sum of one with the number of the other. The next miss corrects
    /// it.</remarks>
    public void AddDatabaseTime(TimeSpan time)
    {
        var ticks = Interlocked.Add(ref _databaseTicks, time.Ticks);
        Interlocked.Exchange(ref _meanTicks, ticks / Interlocked.Increment(ref _timed));
    }

    public QueryStatistics ToStatistics() => new(Name)
    {
        Hits = Total(QueryOutcome.Hit),
        Misses = Total(QueryOutcome.Miss),
        Bypassed = Total(QueryOutcome.Bypassed),
        DatabaseTime = DatabaseTime,
        SavedTime = SavedTime,
    };

    private void Add(int which, long amount) =>
        Interlocked.Add(ref _lanes[((Thread.GetCurrentProcessorId() & _mask) + 1) * LaneLength + which], amount);

    private long Total(int which)
    {
        var total = 0L;
        for (var lane = 1; lane <= _mask + 1; lane++)
            total += Interlocked.Read(ref _lanes[lane * LaneLength + which]);
        return total;
    }
}
