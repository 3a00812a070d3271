namespace KafkaCaching.Hybrid.Hosting;

/// <summary>The object that a container disposes of to end a hybrid cache. The cache itself does not implement <see cref="IDisposable"/>: a
/// container disposes of every object that a factory returned, the latest first. A cache that is registered under several types would then
/// be disposed before services that resolved it earlier.</summary>
internal sealed class HybridOwner(KafkaHybridCache cache) : IDisposable
{
    public KafkaHybridCache Cache => cache;

    public void Dispose() => cache.End();
}
