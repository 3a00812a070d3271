using KafkaCaching.Jobs.Diagnostics;
using KafkaCaching.Jobs.Leading;
using KafkaCaching.Jobs.Scheduling;
using KafkaCaching.Jobs.Snapshots;
using KafkaCaching.Jobs.Tables;
using Microsoft.Extensions.Logging;

namespace KafkaCaching.Jobs.Refreshing;

/// <summary>Refreshes the table while this instance leads: fence → wait until the local table has everything that was written before →
/// fetch → compare → write one transaction. Even if another instance still believes that it leads, the brokers accept writes only from the
/// latest leader.</summary>
internal sealed class Refresher<TKey, TRow>(
    string cache, RefreshedCacheOptions<TKey, TRow> options, IKafkaCache<string, TableValue> table, KafkaLeadership leadership,
    RefreshPlanner<TKey, TRow> planner, Fetcher<TKey, TRow> fetcher, Signal heard, RefreshCounts counts, TimeProvider time,
    ILoggerFactory loggers, ILogger logger)
    where TKey : notnull
{
    private static readonly TimeSpan MaxDelay = TimeSpan.FromDays(1);

    // The clocks of two instances may differ this much.
    private static readonly TimeSpan Ahead = TimeSpan.FromMinutes(1);

    private readonly Schedule _schedule = new(options.Every, options.Cron, options.CronTimeZone);
    private readonly TermLoop _terms = new(leadership, time);
    private DateTimeOffset? _failedAt;
    private Unnoted? _unnoted;
    private long _nextTicks;

    /// <summary>When the next refresh begins; <see langword="null"/> if this instance does not lead, or if its schedule has no further
    /// time.</summary>
    public DateTimeOffset? Next => Interlocked.Read(ref _nextTicks) is > 0 and var ticks ? new DateTimeOffset(ticks, TimeSpan.Zero) : null;

    /// <summary>The problem that keeps this instance from leading, or from refreshing although it leads; <see langword="null"/> if there is
    /// none.</summary>
    public string? Problem => _terms.Problem;

    public Task RunAsync(CancellationToken stop) => _terms.RunAsync(
        LeadAsync, failed => Log.RefresherStopped(logger, failed, cache, failed.Message), () => Interlocked.Exchange(ref _nextTicks, 0),
        stop);

    private async Task LeadAsync(CancellationToken stop)
    {
        var writer = await FencedTable.OpenAsync(table, WriterOptions(), loggers, stop).ConfigureAwait(false);
        await using (writer.ConfigureAwait(false))
        {
            await NoteFailureOfLastTermAsync(writer, stop).ConfigureAwait(false);
            _terms.NoteWorking();
            while (writer.IsUsable)
            {
                await WaitUntilDueAsync(stop).ConfigureAwait(false);
                await RefreshAsync(writer, stop).ConfigureAwait(false);
            }
        }
    }

    // Records the failure that ended this instance's last term, for example a transaction that took too long, unless there has been a new
    // version since. Without this record, the next fetch would begin at once, and would probably fail in the same way.
    private async Task NoteFailureOfLastTermAsync(FencedWriter writer, CancellationToken stop)
    {
        if (_unnoted is { } unnoted && LastManifest()?.Version == unnoted.Version)
        {
            var position = await NoteAsync(writer, unnoted.Failure, stop).ConfigureAwait(false);
            await table.WaitUntilAppliedAsync(position, stop).ConfigureAwait(false);
        }

        _unnoted = null;
    }

    private async Task WaitUntilDueAsync(CancellationToken stop)
    {
        var jitter = options.Jitter * Random.Shared.NextDouble();
        while (true)
        {
            var something = heard.Next;
            var now = time.GetUtcNow();
            var due = Due(now, jitter);
            Interlocked.Exchange(ref _nextTicks, due?.UtcTicks ?? 0);
            if (due <= now)
                return;
            var left = due - now is { } known && known < MaxDelay ? known : MaxDelay;
            using var delay = CancellationTokenSource.CreateLinkedTokenSource(stop);
            await Task.WhenAny(Task.Delay(left, time, delay.Token), something).ConfigureAwait(false);
            await delay.CancelAsync().ConfigureAwait(false);
            stop.ThrowIfCancellationRequested();
        }
    }

    /// <returns>When the next refresh is due; <see langword="null"/> if no further refresh is scheduled.</returns>
    private DateTimeOffset? Due(DateTimeOffset now, TimeSpan jitter)
    {
        var manifest = LastManifest();
        if (LastRequest() > Math.Max(manifest?.Request ?? -1, LastFailure()?.Request ?? -1))
            return now;

        // A time in the future comes from a clock that was wrong: that of the last leader, or this one before it was set back. Nothing can
        // be counted from it, so the version counts as one whose time is over, and a failure as one of now.
        var fetched = manifest?.FetchedAt is { } at && at <= now + Ahead ? at : (DateTimeOffset?)null;
        var regular = fetched is { } last ? _schedule.After(last) + jitter : now;
        if (_failedAt > now)
            _failedAt = now;
        if (_failedAt is not { } failed || failed < fetched)
            return regular;
        var again = failed + options.RetryAfter;

        // A failed refresh is retried after RetryAfter, or when the next regular refresh is due, whichever comes first.
        return _schedule.After(failed) is { } next && next < again ? next : again;
    }

    private async Task RefreshAsync(FencedWriter writer, CancellationToken stop)
    {
        var (request, last) = (LastRequest(), LastManifest());
        CachePosition position;
        try
        {
            position = await PublishAsync(writer, last, stop).ConfigureAwait(false);
            _failedAt = null;
        }
        catch (Exception failed) when (!stop.IsCancellationRequested && failed is not OutOfMemoryException)
        {
            var failure = new FailureRecord(time.GetUtcNow(), ErrorText.Of(failed), request, Environment.MachineName);
            if (!IsOfTheRefresh(failed))
            {
                _unnoted = new Unnoted(failure, last?.Version);
                throw;
            }

            Log.RefreshFailed(logger, failed, cache, failed.Message);
            position = await NoteAsync(writer, failure, stop).ConfigureAwait(false);
        }

        // The next refresh compares its rows with those that this one has written, so they must be applied first.
        await table.WaitUntilAppliedAsync(position, stop).ConfigureAwait(false);
    }

    private Task<CachePosition> NoteAsync(FencedWriter writer, FailureRecord failure, CancellationToken stop)
    {
        _failedAt = failure.At;
        counts.CountFailure();
        return writer.WriteAsync([Record(ReservedKeys.Failure, failure.ToBytes())], stop);
    }

    private async Task<CachePosition> PublishAsync(FencedWriter writer, Manifest? last, CancellationToken stop)
    {
        var (fetched, plan) = await fetcher.RunAsync(
            last?.FetchedAt, rows => (rows, planner.Plan(rows.Rows, last?.Count)), stop).ConfigureAwait(false);
        var manifest = plan.Manifest(
            (last?.Version ?? 0) + 1, fetched.At, fetched.Took.TotalSeconds, fetched.Request, Environment.MachineName);
        var position = await writer.WriteAsync([.. plan.Records, Record(ReservedKeys.Manifest, manifest.ToBytes())], stop)
            .ConfigureAwait(false);
        counts.CountSuccess(plan.Bytes);
        Log.Refreshed(
            logger, cache, manifest.Version, manifest.Count, plan.Added, plan.Changed, plan.Removed, plan.Bytes,
            fetched.Took.TotalMilliseconds);
        return position;
    }

    private static FencedRecord Record(string key, byte[] value) => new(TableCodec.BytesOf(key), value);

    // After any other failure, the instance does not know what the topic contains, or must no longer write. Its term then ends, and it
    // takes part in the next election.
    private static bool IsOfTheRefresh(Exception failed) =>
        failed is not (FencedException or PutException { Outcome: not PutOutcome.NotCommitted });

    private Manifest? LastManifest() => table.TryGet(ReservedKeys.Manifest, out var value) ? Manifest.Of(value.Bytes) : null;

    private FailureRecord? LastFailure() => table.TryGet(ReservedKeys.Failure, out var value) ? FailureRecord.Of(value.Bytes) : null;

    private long LastRequest() => table.TryGetEntry(ReservedKeys.Request, out var entry) ? entry.Offset : -1;

    private FencedWriterOptions WriterOptions() => new()
    {
        BootstrapServers = options.BootstrapServers,
        Client = options.Client,
        Topic = table.Topic,
        Id = $"{table.Topic}.refresh",
        BarrierKey = TableCodec.BytesOf(ReservedKeys.Barrier),
        TransactionTimeout = options.TransactionTimeout,
        TimeProvider = time,
    };

    /// <summary>A failure that ended a term, and the version that existed then.</summary>
    private sealed record Unnoted(FailureRecord Failure, long? Version);
}
