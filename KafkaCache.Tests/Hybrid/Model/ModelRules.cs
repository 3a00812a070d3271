using KafkaCaching.Hybrid.Records;
using KafkaCaching.Hybrid.Validity;

namespace KafkaCaching.Tests.Hybrid.Model;

/// <summary>The times for the rules that compare times and not positions.</summary>
internal sealed class ModelTimes
{
    public Dictionary<StoredRecord, (int ReadStart, int Fill)> Entries { get; } = new(ReferenceEqualityComparer.Instance);

    public Dictionary<CachePosition, int> Marks { get; } = [];
}

/// <summary>Every entry outlives every mark, as in a cache that only removes entries on invalidation.</summary>
internal sealed class NoRule : IFillRule
{
    public bool Outlives(StoredRecord entry, CachePosition mark) => true;
}

/// <summary>An entry outlives the marks that are older than its fill.</summary>
internal sealed class FillTimeRule(ModelTimes times) : IFillRule
{
    public bool Outlives(StoredRecord entry, CachePosition mark) => times.Entries[entry].Fill > times.Marks[mark];
}

/// <summary>An entry outlives the marks that are older than the beginning of its read.</summary>
internal sealed class ReadStartRule(ModelTimes times) : IFillRule
{
    public bool Outlives(StoredRecord entry, CachePosition mark) => times.Entries[entry].ReadStart > times.Marks[mark];
}

/// <summary>A defective version of <see cref="AsOfRule"/>: it treats the next offset to apply as applied.</summary>
internal sealed class OffByOneRule : IFillRule
{
    public bool Outlives(StoredRecord entry, CachePosition mark) => mark.Offset <= entry.AsOf!.Positions[mark.Partition];
}

/// <summary>A defective version of <see cref="AsOfRule"/>: it compares with the wrong partition.</summary>
internal sealed class FirstPartitionRule : IFillRule
{
    public bool Outlives(StoredRecord entry, CachePosition mark) => mark.Offset < entry.AsOf!.Positions[0];
}
