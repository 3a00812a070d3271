using KafkaCaching.EntityFrameworkCore.Diagnostics;
using KafkaCaching.EntityFrameworkCore.Rows;
using KafkaCaching.Hybrid;
using Microsoft.Extensions.Caching.Hybrid;

namespace KafkaCaching.EntityFrameworkCore.Queries;

/// <summary>Receives the rows of a command that missed the cache.</summary>
internal interface IRowsFill
{
    /// <summary>The largest result that is stored, in bytes.</summary>
    long MaxBytes { get; }

    /// <summary>Receives the rows, once all of them have been read.</summary>
    /// <param name="rows">The rows; <see langword="null"/> if they are too large to keep.</param>
    /// <param name="time">How long the database took to return them.</param>
    void Store(CachedRows? rows, TimeSpan time);
}

/// <summary>A command that missed the cache and whose rows will be stored.</summary>
/// <param name="fill">The fill, which was begun before the command ran.</param>
/// <param name="options">How long the rows are served.</param>
/// <param name="tags">The tags that invalidate the rows.</param>
/// <param name="maxBytes">The largest result that is stored, in bytes.</param>
/// <param name="query">The counts of the query, to which the time is added.</param>
internal sealed class CommandFill(HybridFill fill, HybridCacheEntryOptions? options, string[] tags, long maxBytes, QueryCounts query)
    : IRowsFill
{
    public long MaxBytes => maxBytes;

    /// <summary>Stores the rows in the background. A failure is counted and logged by the hybrid cache.</summary>
    public void Store(CachedRows? rows, TimeSpan time)
    {
        query.AddDatabaseTime(time);
        if (rows is not null)
            _ = fill.StoreAsync(rows, options, tags);
    }
}
