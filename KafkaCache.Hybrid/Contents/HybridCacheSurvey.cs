namespace KafkaCaching.Hybrid;

/// <summary>The counts of the entries of a <see cref="KafkaHybridCache"/>, as <see cref="KafkaHybridCache.Survey"/> returns them. Entries
/// that have expired or been invalidated are not counted.</summary>
public sealed record HybridCacheSurvey
{
    /// <summary>The number of entries, not counting those of an <c>IDistributedCache</c>.</summary>
    public required long Entries { get; init; }

    /// <summary>The total size of the values of these entries, in serialized bytes.</summary>
    public required long Bytes { get; init; }

    /// <summary>The number of entries of an <c>IDistributedCache</c> over this cache. Their keys may be session IDs, so they are counted
    /// but not listed.</summary>
    public required long DistributedEntries { get; init; }

    /// <summary>The tags with the most entries, the most frequent first.</summary>
    public required IReadOnlyList<SurveyedTag> Tags { get; init; }

    /// <summary>Whether there are more tags than <see cref="Tags"/> lists.</summary>
    public required bool HasMoreTags { get; init; }

    /// <summary>The largest entries, the largest first.</summary>
    public required IReadOnlyList<SurveyedEntry> Largest { get; init; }
}

/// <summary>A tag, and the entries that have it.</summary>
/// <param name="Tag">The tag.</param>
/// <param name="Entries">The number of entries that have the tag.</param>
/// <param name="Bytes">The total size of the values of these entries, in serialized bytes.</param>
public sealed record SurveyedTag(string Tag, long Entries, long Bytes);

/// <summary>One of the largest entries.</summary>
/// <param name="Key">Its key.</param>
/// <param name="Bytes">The size of its value, in serialized bytes.</param>
/// <param name="FreshFor">How long it remains fresh.</param>
public sealed record SurveyedEntry(string Key, long Bytes, TimeSpan FreshFor);
