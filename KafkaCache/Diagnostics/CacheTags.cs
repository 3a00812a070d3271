namespace KafkaCaching.Diagnostics;

/// <summary>The tags of one cache's measurements.</summary>
internal sealed class CacheTags(string name, string topic)
{
    private KeyValuePair<string, object?>[][] _ofPartitions = [];

    public KeyValuePair<string, object?>[] OfCache { get; } = [new("cache", name), new("topic", topic)];

    /// <summary>Returns the tags of a partition. They are cached, because every scrape uses the same ones.</summary>
    public KeyValuePair<string, object?>[] OfPartition(int partition)
    {
        var kept = _ofPartitions;
        if (partition < kept.Length)
            return kept[partition];

        // Two concurrent scrapes may both create the tags. This is harmless, because the results are equal.
        var grown = new KeyValuePair<string, object?>[partition + 1][];
        for (var i = 0; i < grown.Length; i++)
            grown[i] = With("partition", i);
        _ofPartitions = grown;
        return grown[partition];
    }

    public KeyValuePair<string, object?>[] With(string tag, object value) => [.. OfCache, new(tag, value)];
}
