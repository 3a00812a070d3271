using KafkaCaching.Hybrid.Records;
using KafkaCaching.Hybrid.Validity;

namespace KafkaCaching.Tests.Hybrid.Model;

/// <summary>The times that the rules without vectors go by.</summary>
internal sealed class ModelTimes
{
    public Dictionary<StoredRecord, (int ReadStart, int Fill)> Entries { get; } = new(ReferenceEqualityComparer.Instance);

    public Dictionary<CachePosition, int> Marks { get; } = [];
}

/// <summary>Every entry outlives every mark: what a cache does that only forgets.</summary>
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

/// <summary>A mutant of rule A: it takes the next offset to apply for one that has been applied.</summary>
internal sealed class OffByOneRule : IFillRule
{
    public bool Outlives(StoredRecord entry, CachePosition mark) => mark.Offset <= entry.AsOf!.Positions[mark.Partition];
}

/// <summary>A mutant of rule A: it compares with the wrong partition.</summary>
internal sealed class FirstPartitionRule : IFillRule
{
    public bool Outlives(StoredRecord entry, CachePosition mark) => mark.Offset < entry.AsOf!.Positions[0];
}
