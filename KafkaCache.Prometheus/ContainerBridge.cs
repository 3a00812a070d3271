using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Prometheus;

namespace KafkaCaching.Prometheus;

/// <summary>Exports the meters of one container until the container is disposed of. It is created before the first cache: as a hosted
/// service, because a host creates all of its services before it starts the first one, and as a listener to caches, because a container
/// creates these before its first cache, even without a host.</summary>
internal sealed class ContainerBridge(CollectorRegistry registry, IServiceProvider services) : IHostedService, ICacheListener, IDisposable
{
    private readonly IDisposable _registration =
        KafkaCachePrometheus.Register(registry, services.GetService<IMeterFactory>(), services.GetService<ILoggerFactory>());

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose() => _registration.Dispose();
}
