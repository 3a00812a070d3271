namespace KafkaCaching.Prometheus.Bridge;

/// <summary>The labels that identify the cache to which a series belongs.</summary>
internal readonly record struct CacheLabels(object? Cache, object? Topic)
{
    public static CacheLabels Of(ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        object? cache = null;
        object? topic = null;
        foreach (var (name, value) in tags)
        {
            if (name is "cache")
                cache = value;
            else if (name is "topic")
                topic = value;
        }

        return new CacheLabels(cache, topic);
    }
}
