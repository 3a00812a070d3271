using KafkaCaching.Hybrid.Records;

namespace KafkaCaching.Hybrid.Validity;

/// <summary>The marks that a process has applied.</summary>
internal interface IMarks
{
    /// <summary>Finds the latest mark under a key.</summary>
    bool TryGetMark(string key, out CacheEntry<StoredRecord> mark);
}
