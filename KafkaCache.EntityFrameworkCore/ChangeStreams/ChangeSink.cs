using KafkaCaching.EntityFrameworkCore.ChangeStreams;
using KafkaCaching.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.Logging;

namespace KafkaCaching.EntityFrameworkCore;

/// <summary>Receives the changes that a source reads, and counts them. Its members can be called from any number of threads at
/// once.</summary>
public sealed class ChangeSink
{
    private readonly KafkaEfCache _cache;
    private readonly string _source;
    private readonly RelayCounts _counts;
    private readonly ILogger _logger;

    internal ChangeSink(KafkaEfCache cache, string source, RelayCounts counts, ILogger logger) =>
        (_cache, _source, _counts, _logger) = (cache, source, counts, logger);

    /// <summary>Creates an empty set of changes.</summary>
    /// <returns>The set, to be filled and passed to <see cref="WriteAsync"/>.</returns>
    public ChangedRows NewRows() => new(_cache.Options.MaxMarkedRows);

    /// <summary>Invalidates the results that have read the changed rows. When the task has completed, the invalidation is in the topic, and
    /// the changes may be acknowledged. Before the call, the changed rows must be visible to all readers of the database: a result that is
    /// read from the old rows after the invalidation would remain in the cache.</summary>
    /// <param name="rows">The changes.</param>
    /// <param name="stop">Cancels the wait.</param>
    /// <returns>A task that completes when the invalidations are written.</returns>
    /// <exception cref="PutException">An invalidation could not be written, so the changes must not be acknowledged.</exception>
    public async Task WriteAsync(ChangedRows rows, CancellationToken stop)
    {
        ArgumentNullException.ThrowIfNull(rows);
        var tags = rows.Marks.Tags;
        if (tags.Count == 0)
            return;
        await _cache.Hybrid.RemoveByTagAsync(tags, stop).ConfigureAwait(false);
        _counts.CountMarks(tags.Count);
    }

    /// <summary>Invalidates everything, because changes may have been missed.</summary>
    /// <param name="why">The reason, for the log: why the position in the stream was lost.</param>
    /// <param name="stop">Cancels the wait.</param>
    /// <returns>A task that completes when the invalidation is written.</returns>
    /// <exception cref="PutException">The invalidation could not be written.</exception>
    public async Task ClearAsync(string why, CancellationToken stop)
    {
        await _cache.InvalidateAllAsync(stop).ConfigureAwait(false);
        _counts.CountClear();
        Log.RelayStartedOver(_logger, _cache.Name, _source, why);
    }

    /// <summary>Counts a change that has been read, for the metric <c>kafkacache.relay.changes</c>.</summary>
    public void CountChange() => _counts.CountChange();

    /// <summary>Sets the age that the oldest change had when it was acknowledged, for the metric <c>kafkacache.relay.lag</c>.</summary>
    /// <param name="lag">The age; zero if there was no change.</param>
    public void SetLag(TimeSpan lag) => _counts.SetLag(lag);

    /// <summary>Sets the size of the part of the database's log that has not been acknowledged, for the metric
    /// <c>kafkacache.relay.lag_size</c>.</summary>
    /// <param name="bytes">The size, in bytes.</param>
    public void SetLagBytes(long bytes) => _counts.SetLagBytes(bytes);

    /// <summary>Reports that a probe has been sent through the stream. A probe is a change that the source makes to measure
    /// <c>kafkacache.relay.lag</c>. A source that sends probes need not call <see cref="SetLag"/>. While a probe is under way, the lag is
    /// at least the time since it was sent.</summary>
    public void NoteProbeSent() => _counts.ProbeSent();

    /// <summary>Reports that the probe, and everything before it in the stream, has been acknowledged.</summary>
    public void NoteProbeAcknowledged() => _counts.ProbeAcknowledged();
}
