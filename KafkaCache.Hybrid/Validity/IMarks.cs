using KafkaCaching.Hybrid.Records;

namespace KafkaCaching.Hybrid.Validity;

/// <summary>The marks that a process has applied.</summary>
internal interface IMarks
{
    /// <summary>A number that is another one whenever a mark may have been applied since; 0 if that is not known.</summary>
    long Version => 0;

    /// <summary>Finds the latest mark under a key.</summary>
    bool TryGetMark(string key, out CacheEntry<StoredRecord> mark);
}
