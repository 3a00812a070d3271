namespace KafkaCaching.Hybrid.Diagnostics;

/// <summary>Counts requests by outcome. Each processor has its own counters, in cache lines that it shares with no other, so that counting
/// takes a few nanoseconds however many threads there are.</summary>
internal sealed class OutcomeCounts
{
    // The number of longs in two cache lines, so that no two lanes share a line. It must be at least the number of outcomes.
    private const int LaneLength = 16;

    private readonly long[] _lanes;
    private readonly int _mask;

    public OutcomeCounts()
    {
        var lanes = (int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)Math.Min(Environment.ProcessorCount, 64));
        _mask = lanes - 1;
        _lanes = new long[(lanes + 1) * LaneLength];
    }

    public void Count(RequestOutcome outcome) =>
        Interlocked.Increment(ref _lanes[((Thread.GetCurrentProcessorId() & _mask) + 1) * LaneLength + (int)outcome]);

    public long Total(RequestOutcome outcome)
    {
        var total = 0L;
        for (var lane = 1; lane <= _mask + 1; lane++)
            total += Interlocked.Read(ref _lanes[lane * LaneLength + (int)outcome]);
        return total;
    }
}
