using KafkaCaching.Hybrid.Diagnostics;
using KafkaCaching.Hybrid.Openings;
using KafkaCaching.Hybrid.Options;
using KafkaCaching.Hybrid.Reads;
using KafkaCaching.Hybrid.Records;
using KafkaCaching.Hybrid.Validity;
using Microsoft.Extensions.Logging;

namespace KafkaCaching.Hybrid.Fills;

/// <summary>Writes entries and marks to the topic.</summary>
internal sealed class EntryWriter(
    IKafkaCache<string, StoredRecord> cache, HybridReader reader, TopicWatch watch, PendingFills pending, LocalEntries local,
    PutMarks marks, Lifetimes lifetimes, HybridCounts counts, TimeProvider time, ILogger logger, string name)
{
    private static readonly TimeSpan BetweenLines = TimeSpan.FromSeconds(10);

    private readonly PutOptions _ofMarks = new() { Wait = PutWait.Applied, TimeToLive = lifetimes.OfMarks };
    private readonly Lock _logging = new();
    private long _failedSinceLine;
    private long? _lastLine;

    /// <summary>Stores a fill in the background. The value can be read in this process when this call returns.</summary>
    /// <returns>A task that completes when the fill is readable through the topic or has failed; the task itself never fails. Its result is
    /// the position of the fill, if it was stored.</returns>
    public Task<CachePosition?> StoreAsync(string key, StoredRecord record, Capture capture, TimeSpan filling)
    {
        // Every reader makes this check too. Making it here avoids writing a record that no reader would serve.
        if (filling > Lifetimes.MaxFillTime || !watch.IsStill(capture) || !reader.IsValid(key, record))
        {
            counts.CountNotStored();
            return Task.FromResult<CachePosition?>(null);
        }

        if (pending.TryAdd(key, record, time.GetUtcNow()))
            return PutFillAsync(key, record);
        Failed(new PutException("Too many fills wait for the brokers. Nothing was sent.", PutOutcome.NotCommitted));
        return Task.FromResult<CachePosition?>(null);
    }

    /// <summary>Keeps a value in this process only.</summary>
    public void KeepLocally(string key, StoredRecord record) =>
        local.Set(key, record, record.FreshFor + lifetimes.StaleIfError);

    /// <summary>Writes an entry and the mark that keeps older fills from replacing it. The entry is sent first, so that readers find it
    /// before the mark invalidates the previous entry.</summary>
    /// <exception cref="PutException">One of the two could not be written.</exception>
    public async Task SetAsync(string key, StoredRecord record, CancellationToken cancellationToken)
    {
        var entry = cache.PutAsync(key, record, EntryOptions(record), cancellationToken);
        var mark = PutMarkAsync(
            RecordKeys.MarkOfKey(key), new StoredRecord(RecordKind.Mark, default) { SetNumber = record.SetNumber }, cancellationToken);
        await WriteAsync(Task.WhenAll(entry, mark)).ConfigureAwait(false);
        local.Remove(key);
    }

    /// <summary>Puts a mark, and waits until it is applied here.</summary>
    /// <returns>The position of the mark.</returns>
    /// <exception cref="PutException">The mark could not be written.</exception>
    public async Task<CachePosition> InvalidateAsync(string markKey, CancellationToken cancellationToken)
    {
        var mark = PutMarkAsync(markKey, StoredRecord.Mark, cancellationToken);
        await WriteAsync(mark).ConfigureAwait(false);
        return await mark.ConfigureAwait(false);
    }

    private async Task<CachePosition> PutMarkAsync(string markKey, StoredRecord mark, CancellationToken cancellationToken)
    {
        var put = await cache.PutAsync(markKey, mark, _ofMarks, cancellationToken).ConfigureAwait(false);
        marks.Note(put.Position);
        counts.CountInvalidation();
        return put.Position;
    }

    private async Task WriteAsync(Task writes)
    {
        try
        {
            await writes.ConfigureAwait(false);
        }
        catch (PutException)
        {
            counts.CountFailedPut();
            throw;
        }
    }

    private async Task<CachePosition?> PutFillAsync(string key, StoredRecord record)
    {
        try
        {
            var put = await cache.PutAsync(key, record, EntryOptions(record), CancellationToken.None).ConfigureAwait(false);
            return put.Position;
        }
        catch (Exception failed) when (failed is PutException or ObjectDisposedException or CacheFaultedException)
        {
            Failed(failed);
            return null;
        }
        finally
        {
            pending.Remove(key, record);
        }
    }

    private PutOptions EntryOptions(StoredRecord record) =>
        new() { Wait = PutWait.Applied, TimeToLive = Lifetimes.InTopic(record.FreshFor + lifetimes.StaleIfError) };

    // While the brokers are unavailable, every fill fails. To limit the log, one line at a time reports the number of failures since the
    // previous line.
    private void Failed(Exception cause)
    {
        counts.CountFailedPut();
        long failed;
        lock (_logging)
        {
            _failedSinceLine++;
            if (_lastLine is { } last && time.GetElapsedTime(last) < BetweenLines)
                return;
            (failed, _failedSinceLine, _lastLine) = (_failedSinceLine, 0, time.GetTimestamp());
        }

        Log.PutFailed(logger, cause, name, failed);
    }
}
