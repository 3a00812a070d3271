namespace KafkaCaching.EntityFrameworkCore.Hosting;

/// <summary>The only object that a container disposes of to end a cache, so that the order in which the cache was resolved by its other
/// types does not matter.</summary>
internal sealed class EfOwner(KafkaEfCache cache) : IDisposable
{
    public KafkaEfCache Cache => cache;

    public void Dispose() => cache.End();
}
