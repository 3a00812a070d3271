using KafkaCaching.Hybrid.Options;
using KafkaCaching.Hybrid.Reads;
using KafkaCaching.Hybrid.Records;

namespace KafkaCaching.Hybrid.Contents;

/// <summary>Counts the entries that can be served now, by tag and by size. It reads each entry once. Its memory is bounded, because it
/// counts only a limited number of tags.</summary>
internal sealed class Surveyor(HybridReader reader, DateTimeOffset now, int tags, int largest)
{
    // If an application creates a tag for each user, there may be as many tags as entries. Only the few largest are of interest.
    private const int MaxCountedTags = 100_000;

    private readonly Dictionary<string, (long Entries, long Bytes)> _tags = new(StringComparer.Ordinal);
    private readonly PriorityQueue<SurveyedEntry, long> _largest = new();
    private bool _hasUncountedTags;
    private long _entries;
    private long _bytes;
    private long _distributed;

    public HybridCacheSurvey Run(IEnumerable<KeyValuePair<string, CacheEntry<StoredRecord>>> all, CancellationToken cancellationToken)
    {
        foreach (var (key, entry) in all)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (!entry.Value.HasValue)
                continue;
            if (RecordKeys.IsDistributed(key))
                _distributed++;
            else if (!key.StartsWith(RecordKeys.Reserved))
                Add(key, entry);
        }

        return new HybridCacheSurvey
        {
            Entries = _entries,
            Bytes = _bytes,
            DistributedEntries = _distributed,
            Tags = [
                .. _tags.OrderByDescending(static tag => tag.Value.Entries).ThenBy(static tag => tag.Key, StringComparer.Ordinal)
                    .Take(tags).Select(static tag => new SurveyedTag(RecordKeys.TagOf(tag.Key), tag.Value.Entries, tag.Value.Bytes)),
            ],
            HasMoreTags = _hasUncountedTags || _tags.Count > tags,
            Largest = [
                .. _largest.UnorderedItems.Select(static item => item.Element)
                    .OrderByDescending(static item => item.Bytes).ThenBy(static item => item.Key, StringComparer.Ordinal),
            ],
        };
    }

    private void Add(string key, CacheEntry<StoredRecord> entry)
    {
        var found = new FoundEntry(entry.Value, entry.Timestamp, entry.Position);
        if (!found.IsFresh(now) || !reader.IsServed(key, found))
            return;
        var bytes = (long)entry.Value.Payload.Length;
        _entries++;
        _bytes += bytes;
        foreach (var tag in entry.Value.TagMarks)
            Count(tag, bytes);
        var shown = new SurveyedEntry(key, bytes, entry.Timestamp + entry.Value.FreshFor - now);
        if (_largest.Count < largest)
            _largest.Enqueue(shown, bytes);
        else if (largest > 0)
            _largest.EnqueueDequeue(shown, bytes);
    }

    private void Count(string tag, long bytes)
    {
        if (!_tags.TryGetValue(tag, out var counted) && _tags.Count == MaxCountedTags)
            _hasUncountedTags = true;
        else
            _tags[tag] = (counted.Entries + 1, counted.Bytes + bytes);
    }
}
