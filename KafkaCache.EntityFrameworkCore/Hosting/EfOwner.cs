using KafkaCaching.EntityFrameworkCore.Invalidation;

namespace KafkaCaching.EntityFrameworkCore.Hosting;

/// <summary>The only object that a container disposes of to end a cache. So it does not matter under which types, and in which order, the
/// cache was resolved.</summary>
internal sealed class EfOwner(KafkaEfCache cache) : IAsyncDisposable, IDisposable
{
    public KafkaEfCache Cache => cache;

    public async ValueTask DisposeAsync() => await cache.EndAsync().ConfigureAwait(false);

    public void Dispose() => Blocking.Wait(cache.EndAsync);
}
