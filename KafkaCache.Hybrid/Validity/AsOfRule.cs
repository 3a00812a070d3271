using KafkaCaching.Hybrid.Records;

namespace KafkaCaching.Hybrid.Validity;

/// <summary>Rule A: an entry outlives a mark if the process that read the source had applied the mark before.</summary>
/// <remarks>
/// Someone changes the source, and then puts a mark. A process that had applied the mark before it read the source has therefore read the
/// change. Any other process may have read the old value, however late its entry comes into the log, so its entry is refused. Both sides of
/// the comparison only grow, so that an entry that was refused once is refused for good, and no order of events and no clock matters. The
/// price is that an entry of a process that lags is refused although it was right: a wasted fill, never a stale read.
/// </remarks>
internal sealed class AsOfRule : IFillRule
{
    public static readonly AsOfRule Instance = new();

    public bool Outlives(StoredRecord entry, CachePosition mark) =>
        entry.AsOf is { } asOf && asOf.Includes(mark.Partition, mark.Offset);
}
