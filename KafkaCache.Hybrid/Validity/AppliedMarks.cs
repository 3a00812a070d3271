using KafkaCaching.Hybrid.Openings;
using KafkaCaching.Hybrid.Records;

namespace KafkaCaching.Hybrid.Validity;

/// <summary>The marks that a cache has applied. It is a struct, so that the JIT compiler specializes the code that uses it, and a hit calls
/// its members directly, not through an interface.</summary>
internal readonly struct AppliedMarks(IReadOnlyKafkaCache<string, StoredRecord> cache, TagWriters writers, TopicWatch watch) : IMarks
{
    public long Version => cache.ContentVersion;

    public bool AreWritersKnown => writers.AreKnown;

    public TagWriter[] Writers => writers.All;

    public bool TryGetMark(string key, out CacheEntry<StoredRecord> mark) => cache.TryGetEntry(key, out mark);

    public bool HasApplied(AsOf positions) => watch.HasApplied(positions);
}
