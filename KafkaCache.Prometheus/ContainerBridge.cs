using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Prometheus;

namespace KafkaCaching.Prometheus;

/// <summary>Listens for one container, from its own creation until the container is disposed of. A host creates all of its services before
/// it starts the first one. A container, with or without a host, creates the listeners to caches before its first cache.</summary>
internal sealed class ContainerBridge(CollectorRegistry registry, IServiceProvider services) : IHostedService, ICacheListener, IDisposable
{
    private readonly IDisposable _registration =
        KafkaCachePrometheus.Register(registry, services.GetService<IMeterFactory>(), services.GetService<ILoggerFactory>());

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose() => _registration.Dispose();
}
