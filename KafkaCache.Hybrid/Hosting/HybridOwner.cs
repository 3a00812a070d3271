namespace KafkaCaching.Hybrid.Hosting;

/// <summary>The object that a container disposes of to end a hybrid cache. The cache itself does not implement <see cref="IDisposable"/>: a
/// container disposes of every object that a factory returned, the latest first, so a cache that was resolved again later, as another type,
/// would end before the services that got it earlier.</summary>
internal sealed class HybridOwner(KafkaHybridCache cache) : IDisposable
{
    public KafkaHybridCache Cache => cache;

    public void Dispose() => cache.End();
}
