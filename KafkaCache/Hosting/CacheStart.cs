using KafkaCaching.Waiting;
using Microsoft.Extensions.Hosting;

namespace KafkaCaching.Hosting;

/// <summary>Starts the caches before any hosted service's <c>StartAsync</c>, including the web server's, and holds those services back
/// until the caches that ask for it are ready. The container stops the caches after all services that read them are gone.</summary>
internal sealed class CacheStart(RegisteredCaches caches) : IHostedLifecycleService
{
    public async Task StartingAsync(CancellationToken cancellationToken)
    {
        var started = caches.Start();
        using var failed = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var waits = started
            .Where(static one => one.Registration.ServesWhenReady)
            .Select(one => one.Cache.WaitUntilReadyAsync(failed.Token))
            .ToArray();
        try
        {
            await foreach (var wait in Task.WhenEach(waits).WithCancellation(cancellationToken).ConfigureAwait(false))
                await wait.ConfigureAwait(false);
        }
        catch
        {
            // The first cache that will never be ready decides the outcome, so nobody waits for the rest.
            foreach (var wait in waits)
                wait.Observe();
            await failed.CancelAsync().ConfigureAwait(false);
            throw;
        }
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
