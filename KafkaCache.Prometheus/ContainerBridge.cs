using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Prometheus;

namespace KafkaCaching.Prometheus;

/// <summary>Listens for one container, from when it is made until the container is disposed of. A host makes all its services before it
/// starts the first; a container makes the listeners to caches before its first cache, host or not.</summary>
internal sealed class ContainerBridge(CollectorRegistry registry, IServiceProvider services) : IHostedService, ICacheListener, IDisposable
{
    private readonly IDisposable _registration =
        KafkaCachePrometheus.Register(registry, services.GetService<IMeterFactory>(), services.GetService<ILoggerFactory>());

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose() => _registration.Dispose();
}
