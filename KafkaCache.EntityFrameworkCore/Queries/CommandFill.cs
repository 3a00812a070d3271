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
    void Store(CachedRows rows);
}

/// <summary>A command that missed the cache and whose rows will be stored.</summary>
/// <param name="fill">Begun before the command ran.</param>
/// <param name="options">How long the rows are served.</param>
/// <param name="tags">What invalidates them.</param>
/// <param name="most">The largest result that is stored, in bytes.</param>
internal sealed class CommandFill(HybridFill fill, HybridCacheEntryOptions? options, string[] tags, long most) : IRowsFill
{
    public long MostBytes => most;

    /// <summary>Stores the rows in the background. A failure is counted and logged by the hybrid cache.</summary>
    public void Store(CachedRows rows) => _ = fill.StoreAsync(rows, options, tags);
}
