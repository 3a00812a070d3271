namespace KafkaCaching.AspNetCore.Positions;

/// <summary>Waits for all positions of a request at once.</summary>
internal static class PositionWaits
{
    /// <summary>Waits until the positions are applied. Positions of caches that the application doesn't have are ignored, because the
    /// header may have passed through services with other caches.</summary>
    /// <returns>The first position that is not applied; <see langword="null"/> when all are applied.</returns>
    public static async Task<UnmetPosition?> FirstUnmetAsync(
        IReadOnlyDictionary<string, IKafkaCache> caches, IReadOnlyDictionary<(string Cache, int Partition), long> positions,
        CancellationToken cancellationToken)
    {
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var waits = new List<Task<UnmetPosition?>>();
        foreach (var ((name, partition), offset) in positions)
        {
            if (caches.TryGetValue(name, out var cache))
                waits.Add(WaitAsync(cache, new CachePosition(partition, offset), enough.Token));
        }

        UnmetPosition? first = null;
        await foreach (var ended in Task.WhenEach(waits))
        {
            if (first is not null || ended.IsCanceled || await ended is not { } unmet)
                continue;
            first = unmet;
            await enough.CancelAsync();
        }

        cancellationToken.ThrowIfCancellationRequested();
        return first;
    }

    private static async Task<UnmetPosition?> WaitAsync(IKafkaCache cache, CachePosition position, CancellationToken cancellationToken)
    {
        try
        {
            await cache.WaitUntilAppliedAsync(position, cancellationToken);
            return null;
        }
        catch (TimeoutException)
        {
            return new UnmetPosition(
                $"Position {position} of the cache '{cache.Name}' has not been applied here within its ApplyTimeout.",
                MayBeMet: true);
        }
        catch (TopicChangedException)
        {
            return new UnmetPosition(
                $"The topic of the cache '{cache.Name}' has changed, so position {position} no longer has a meaning; the topic is being "
                + "replayed.",
                MayBeMet: true);
        }
        catch (Exception ended) when (ended is CacheFaultedException or ObjectDisposedException)
        {
            return new UnmetPosition(
                $"The cache '{cache.Name}' has ended, so position {position} will not be applied here.", MayBeMet: false);
        }
    }
}

/// <summary>A position that was not applied, and whether it may still be applied.</summary>
internal sealed record UnmetPosition(string Why, bool MayBeMet);
