using KafkaCaching.Jobs.Refreshing;
using Microsoft.Extensions.Hosting;

namespace KafkaCaching.Jobs.Hosting;

/// <summary>Starts a refreshed cache with the host, and makes it leave the election when the host stops.</summary>
internal sealed class RefreshedCacheStart(IRefreshedCacheLife cache, bool waits) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken) => cache.StartAsync(waits, cancellationToken);

    public Task StopAsync(CancellationToken cancellationToken) => cache.StopAsync().WaitAsync(cancellationToken);
}
