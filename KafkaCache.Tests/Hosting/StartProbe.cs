using Microsoft.Extensions.Hosting;

namespace KafkaCaching.Tests.Hosting;

/// <summary>A hosted service that records the progress of the host's start.</summary>
internal sealed class StartProbe : IHostedLifecycleService
{
    private volatile bool _starting;
    private volatile bool _started;

    public bool Starting => _starting;

    public bool Started => _started;

    public Task StartingAsync(CancellationToken cancellationToken)
    {
        _starting = true;
        return Task.CompletedTask;
    }

    public Task StartAsync(CancellationToken cancellationToken)
    {
        _started = true;
        return Task.CompletedTask;
    }

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
