using KafkaCaching.Jobs.Refreshing;
using Microsoft.Extensions.Hosting;

namespace KafkaCaching.Jobs.Hosting;

/// <summary>Starts the refreshed caches with the host, and makes them leave their elections when the host stops. Each may have to wait for
/// brokers that are away, so they all do so at once.</summary>
internal sealed class RefreshedCacheStart(IEnumerable<StartedRefreshedCache> caches) : IHostedService
{
    /// <exception cref="Exception">A cache can't be started. The starts of the others were cancelled.</exception>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        using var failed = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        List<Task> starts = [.. caches.Select(one => one.Cache.StartAsync(one.Waits, failed.Token))];
        await foreach (var ended in Task.WhenEach(starts).ConfigureAwait(false))
        {
            if (!ended.IsCompletedSuccessfully)
                await failed.CancelAsync().ConfigureAwait(false);
        }

        // The failure that cancelled the other starts is thrown, rather than a cancellation.
        await (starts.Find(static one => one.IsFaulted) ?? Task.WhenAll(starts)).ConfigureAwait(false);
    }

    public Task StopAsync(CancellationToken cancellationToken) =>
        Task.WhenAll(caches.Select(static one => one.Cache.StopAsync())).WaitAsync(cancellationToken);
}
