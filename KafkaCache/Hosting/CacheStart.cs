using KafkaCaching.Waiting;
using Microsoft.Extensions.Hosting;

namespace KafkaCaching.Hosting;

/// <summary>Starts the caches before the <c>StartAsync</c> of any hosted service, including the web server, and delays these services until
/// the caches with <c>ServeWhenReady</c> are ready. The container ends the caches after all services that read them.</summary>
internal sealed class CacheStart(RegisteredCaches caches) : IHostedLifecycleService
{
    public async Task StartingAsync(CancellationToken cancellationToken)
    {
        var started = caches.Start();
        await AllOrFirstFailure.WaitAsync(
            started.Where(static one => one.Registration.ServesWhenReady), static (one, failed) => one.Cache.WaitUntilReadyAsync(failed),
            cancellationToken).ConfigureAwait(false);
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
