using KafkaCaching.EntityFrameworkCore.Diagnostics;
using KafkaCaching.EntityFrameworkCore.Rows;
using KafkaCaching.Hybrid;
using Microsoft.Extensions.Caching.Hybrid;

namespace KafkaCaching.EntityFrameworkCore.Queries;

/// <summary>Takes the rows of a command that missed the cache.</summary>
internal interface IRowsFill
{
    /// <summary>The largest result that is stored, in bytes.</summary>
    long MostBytes { get; }

    /// <summary>Takes the rows, once all have been read.</summary>
    /// <param name="rows">The rows; <see langword="null"/> if they are too large to keep.</param>
    /// <param name="time">How long the database took for them.</param>
    void Store(CachedRows? rows, TimeSpan time);
}

/// <summary>A command that missed the cache and whose rows will be stored.</summary>
/// <param name="fill">Begun before the command ran.</param>
/// <param name="options">How long the rows are served.</param>
/// <param name="tags">What invalidates them.</param>
/// <param name="most">The largest result that is stored, in bytes.</param>
/// <param name="query">Counts the time.</param>
internal sealed class CommandFill(HybridFill fill, HybridCacheEntryOptions? options, string[] tags, long most, QueryCounts query)
    : IRowsFill
{
    public long MostBytes => most;

    /// <summary>Stores the rows in the background. A failure is counted and logged by the hybrid cache.</summary>
    public void Store(CachedRows? rows, TimeSpan time)
    {
        query.AddDatabaseTime(time);
        if (rows is not null)
            _ = fill.StoreAsync(rows, options, tags);
    }
}
