using KafkaCaching.EntityFrameworkCore.Diagnostics;
using KafkaCaching.EntityFrameworkCore.Invalidation;
using Microsoft.Extensions.Logging;

namespace KafkaCaching.EntityFrameworkCore.ChangeStreams;

/// <summary>Where a source writes what has changed.</summary>
internal sealed class ChangeSink(KafkaEfCache cache, RelayCounts counts, ILogger logger)
{
    public RelayCounts Counts => counts;

    /// <summary>How many rows of a table are marked one by one.</summary>
    public int MostRows => cache.Options.MostMarkedRows;

    /// <summary>Writes the marks of changes. When the task has ended, they are in the topic.</summary>
    /// <exception cref="PutException">One of them could not be written, so that the changes are not acknowledged.</exception>
    public async Task WriteAsync(MarkSet marks, CancellationToken stop)
    {
        var tags = marks.Tags;
        if (tags.Count == 0)
            return;
        await cache.Hybrid.RemoveByTagAsync(tags, stop).ConfigureAwait(false);
        counts.CountMarks(tags.Count);
    }

    /// <summary>Invalidates everything, because changes may have been missed.</summary>
    /// <param name="source">The source.</param>
    /// <param name="why">What has happened to its position.</param>
    /// <param name="stop">Ends the wait.</param>
    /// <exception cref="PutException">The mark could not be written.</exception>
    public async Task ClearAsync(string source, string why, CancellationToken stop)
    {
        await cache.InvalidateAllAsync(stop).ConfigureAwait(false);
        counts.CountClear();
        Log.RelayBegunAnew(logger, cache.Name, source, why);
    }
}
