namespace KafkaCaching.Hybrid.Hosting;

/// <summary>The only object that a container disposes of to end a hybrid cache. The cache itself is no <see cref="IDisposable"/>, because a
/// container disposes of what each factory returned, the latest first: a cache that is resolved again later, by another type, would end
/// before the services that got it earlier.</summary>
internal sealed class HybridOwner(KafkaHybridCache cache) : IDisposable
{
    public KafkaHybridCache Cache => cache;

    public void Dispose() => cache.End();
}
