using KafkaCaching.Hybrid.Records;

namespace KafkaCaching.Hybrid.Validity;

/// <summary>Decides whether an entry outlives a mark. It is an interface so that the tests can show that their model detects rules that do
/// not work.</summary>
internal interface IFillRule
{
    /// <summary>Whether the source of an entry was read after an invalidation.</summary>
    /// <param name="entry">The entry.</param>
    /// <param name="mark">The position of the invalidation.</param>
    bool Outlives(StoredRecord entry, CachePosition mark);
}
