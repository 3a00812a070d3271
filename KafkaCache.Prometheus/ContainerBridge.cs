using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Prometheus;

namespace KafkaCaching.Prometheus;

/// <summary>Listens to the meters of one container, from its own creation until the container is disposed of. It is created before the
/// first cache: a host creates all of its services before it starts the first one, and a container, with or without a host, creates the
/// listeners to caches before its first cache.</summary>
internal sealed class ContainerBridge(CollectorRegistry registry, IServiceProvider services) : IHostedService, ICacheListener, IDisposable
{
    private readonly IDisposable _registration =
        KafkaCachePrometheus.Register(registry, services.GetService<IMeterFactory>(), services.GetService<ILoggerFactory>());

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose() => _registration.Dispose();
}
