using System.Text;
using KafkaCaching.Hybrid.Diagnostics;
using KafkaCaching.Hybrid.Records;

namespace KafkaCaching.Hybrid.Claims;

/// <summary>Agrees with the other pods on which of them runs the factory of a key: put a claim → see whose claim is first in the log → run
/// the factory, or wait for the fill of the pod whose claim is first.</summary>
/// <remarks>A claim is only a hint: several pods may safely fill the same key (see <see cref="Validity.AsOfRule"/>). So if the claim can't
/// be written, the holder does not end it in time or the holder's fill is not valid, this pod runs its own factory.</remarks>
internal sealed class FactoryClaims : IDisposable
{
    private static readonly Task<CachePosition?> NoFill = Task.FromResult<CachePosition?>(null);

    private readonly IKafkaCache<string, StoredRecord> _cache;
    private readonly HybridCounts _counts;
    private readonly TimeProvider _time;
    private readonly TimeSpan _timeout;
    private readonly PutOptions _put;
    private readonly ClaimTable _table;
    private readonly CancellationTokenSource _ended = new();
    private volatile bool _isWatching;

    public FactoryClaims(IKafkaCache<string, StoredRecord> cache, HybridCounts counts, TimeProvider time, TimeSpan timeout)
    {
        (_cache, _counts, _time, _timeout) = (cache, counts, time, timeout);
        _table = new ClaimTable(timeout);
        _put = new PutOptions { TimeToLive = timeout < TimeSpan.FromSeconds(1) ? TimeSpan.FromSeconds(1) : timeout };
        _ = WatchAsync(_ended.Token);
    }

    /// <summary>Whether this pod sees the claims of other pods. While it does not, it makes no claims itself.</summary>
    public bool IsWatching => _isWatching;

    /// <summary>Claims the factory of a key, or waits until the pod that holds the claim has filled the key.</summary>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public async Task<ClaimOutcome> EnterAsync(string key, CancellationToken cancellationToken)
    {
        if (!_isWatching)
            return ClaimOutcome.InDoubt;
        var claimKey = RecordKeys.OfClaim(key);
        var number = 0L;
        try
        {
            var holder = _table.HolderOf(claimKey, _time.GetUtcNow());
            if (holder is null)
            {
                number = Random.Shared.NextInt64(1, long.MaxValue);
                holder = await ClaimAsync(claimKey, number, cancellationToken).ConfigureAwait(false);
                if (holder.Number == number)
                    return new ClaimOutcome(number, await AppliedAsync(holder.FillBefore, cancellationToken).ConfigureAwait(false));
            }

            var fill = await holder.Ended.WaitAsync(_timeout, _time, cancellationToken).ConfigureAwait(false);
            return new ClaimOutcome(Number: 0, await AppliedAsync(fill, cancellationToken).ConfigureAwait(false));
        }
        catch (Exception doubt) when (doubt is TimeoutException or KafkaCacheException
            || (doubt is ObjectDisposedException && !cancellationToken.IsCancellationRequested))
        {
            return ClaimOutcome.InDoubt;
        }
        catch (OperationCanceledException) when (number != 0)
        {
            // All callers have been cancelled, so no factory will run. Ending the claim keeps other pods from waiting for one.
            _ = EndAsync(key, new ClaimOutcome(number, Fill: null), NoFill);
            throw;
        }
        finally
        {
            if (number != 0)
                _table.Forget(number);
        }
    }

    /// <summary>Ends a claim that this pod holds, as soon as its fill has been stored or has failed. If the pod found the fill of an
    /// earlier claim instead, the record that ends the claim contains the position of that fill, so that waiting pods find it too. Callers
    /// need not await the task.</summary>
    public async Task EndAsync(string key, ClaimOutcome claim, Task<CachePosition?> fill)
    {
        if (claim.Number == 0)
            return;
        try
        {
            var end = ClaimEnds.Of(claim.Number, await fill.ConfigureAwait(false) ?? claim.Fill);
            await _cache.PutAsync(RecordKeys.OfClaim(key), end, _put).ConfigureAwait(false);
        }
        catch (Exception failed) when (failed is PutException or ObjectDisposedException)
        {
            // Without this record, the claim ends at its deadline.
            _counts.CountFailedPut();
        }
    }

    public void Dispose()
    {
        _ended.Cancel();
        _ended.Dispose();
    }

    /// <returns>The position of the fill once it is applied here; <see langword="null"/> if there is no fill, or it is not applied in
    /// time.</returns>
    private async Task<CachePosition?> AppliedAsync(CachePosition? fill, CancellationToken cancellationToken)
    {
        if (fill is not { } position)
            return null;
        try
        {
            await _cache.WaitUntilAppliedAsync(position, cancellationToken).WaitAsync(_timeout, _time, cancellationToken)
                .ConfigureAwait(false);
            return position;
        }
        catch (Exception doubt) when (doubt is TimeoutException or KafkaCacheException)
        {
            return null;
        }
    }

    private async Task<ClaimHolder> ClaimAsync(string claimKey, long number, CancellationToken cancellationToken)
    {
        var answer = _table.Ask(number);
        await _cache.PutAsync(claimKey, new StoredRecord(RecordKind.Claim, default) { SetNumber = number }, _put, cancellationToken)
            .ConfigureAwait(false);
        return await answer.WaitAsync(_timeout, _time, cancellationToken).ConfigureAwait(false);
    }

    private async Task WatchAsync(CancellationToken cancellationToken)
    {
        var options = new WatchOptions<string> { KeyPrefix = Encoding.UTF8.GetBytes(RecordKeys.ClaimPrefix), SkipInitial = true };
        try
        {
            await foreach (var change in _cache.WatchAsync(options, cancellationToken).ConfigureAwait(false))
            {
                if (change.Kind == CacheChangeKind.Ready)
                    _isWatching = true;
                else if (change.Current is { } entry)
                    _table.Apply(change.Key, entry.Value, entry.Timestamp);
            }
        }
        catch (Exception ended) when (ended is OperationCanceledException or ObjectDisposedException or KafkaCacheException)
        {
            // The cache was disposed or has faulted; a fault is reported by its status and health checks. From now on, this pod runs its
            // own factories.
            _isWatching = false;
        }
    }
}
