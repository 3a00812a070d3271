using KafkaCaching.Hybrid.Openings;
using KafkaCaching.Hybrid.Records;

namespace KafkaCaching.Hybrid.Validity;

/// <summary>The marks that a process has applied.</summary>
internal interface IMarks
{
    /// <summary>A number that changes whenever a mark may have been applied; 0 if this is not tracked.</summary>
    long Version => 0;

    /// <summary>Whether all processes that open tags are known.</summary>
    bool AreWritersKnown => true;

    /// <summary>The processes that open tags.</summary>
    TagWriter[] Writers => [];

    /// <summary>Finds the latest mark under a key.</summary>
    bool TryGetMark(string key, out CacheEntry<StoredRecord> mark);

    /// <summary>Whether all records below the given positions of the cached topic have been applied.</summary>
    bool HasApplied(AsOf positions);
}
