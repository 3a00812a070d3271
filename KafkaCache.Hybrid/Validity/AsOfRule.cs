using KafkaCaching.Hybrid.Records;

namespace KafkaCaching.Hybrid.Validity;

/// <summary>An entry outlives a mark if the process that read its source had applied the mark before the read.</summary>
/// <remarks>
/// The source is changed first, and then a mark is put. A process that had applied the mark before it read the source has therefore read
/// the change. Any other process may have read the old value, however late its entry arrives in the log, so its entry is refused. An
/// entry's positions never change and the latest mark only moves forward, so an entry that was refused once is refused for good, and
/// neither the order of events nor a clock matters. As a consequence, a correct entry of a lagging process may be refused, which wastes a
/// fill but never causes a stale read.
/// </remarks>
internal sealed class AsOfRule : IFillRule
{
    public static readonly AsOfRule Instance = new();

    public bool Outlives(StoredRecord entry, CachePosition mark) =>
        entry.AsOf is { } asOf && asOf.Includes(mark.Partition, mark.Offset);
}
