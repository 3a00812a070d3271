namespace KafkaCaching.Demo;

/// <summary>A cache of whatever types, as the status routes and the progress see it.</summary>
internal sealed class ServedCache
{
    private readonly Func<CacheStatus> _status;

    private ServedCache(string topic, Func<CacheStatus> status)
    {
        Topic = topic;
        _status = status;
    }

    public string Topic { get; }

    public CacheStatus Status => _status();

    public static ServedCache Of<TKey, TValue>(IReadOnlyKafkaCache<TKey, TValue> cache)
        where TKey : notnull =>
        new(cache.Topic, () => cache.Status);
}
