namespace KafkaCaching.Hybrid;

/// <summary>What the entries of a <see cref="KafkaHybridCache"/> are, as counted by <see cref="KafkaHybridCache.Survey"/>. Entries that
/// have expired or been invalidated are left out.</summary>
public sealed record HybridCacheSurvey
{
    /// <summary>The number of entries, without those of an <c>IDistributedCache</c>.</summary>
    public required long Entries { get; init; }

    /// <summary>The serialized size of their values.</summary>
    public required long Bytes { get; init; }

    /// <summary>The number of entries of an <c>IDistributedCache</c> over this cache. Their keys may be those of sessions, so that they are
    /// counted and not named.</summary>
    public required long DistributedEntries { get; init; }

    /// <summary>The tags with the most entries, in that order.</summary>
    public required IReadOnlyList<SurveyedTag> Tags { get; init; }

    /// <summary>Whether there are more tags.</summary>
    public required bool HasMoreTags { get; init; }

    /// <summary>The largest entries, the largest first.</summary>
    public required IReadOnlyList<SurveyedEntry> Largest { get; init; }
}

/// <summary>A tag of some entries.</summary>
/// <param name="Tag">The tag.</param>
/// <param name="Entries">How many entries have it.</param>
/// <param name="Bytes">The serialized size of their values.</param>
public sealed record SurveyedTag(string Tag, long Entries, long Bytes);

/// <summary>An entry.</summary>
/// <param name="Key">Its key.</param>
/// <param name="Bytes">The serialized size of its value.</param>
/// <param name="FreshFor">How long it will still be served.</param>
public sealed record SurveyedEntry(string Key, long Bytes, TimeSpan FreshFor);
