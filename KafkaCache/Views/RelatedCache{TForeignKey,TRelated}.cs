using System.Diagnostics.CodeAnalysis;

namespace KafkaCaching.Views;

/// <summary>A cache in which a view looks up the entries to join.</summary>
internal abstract class RelatedCache
{
    public abstract IKafkaCache Cache { get; }

    /// <summary>Begins to follow the cache for a watch of the view.</summary>
    public abstract FollowedCache Follow(WatchOverflow overflow, int maxPending, CancellationToken cancellationToken);
}

/// <inheritdoc/>
/// <param name="cache">The cache.</param>
/// <param name="ordinal">The cache's index among the view's related caches.</param>
internal sealed class RelatedCache<TForeignKey, TRelated>(IReadOnlyKafkaCache<TForeignKey, TRelated> cache, int ordinal) : RelatedCache
    where TForeignKey : notnull
{
    public override IKafkaCache Cache => cache;

    /// <summary>Looks up one entry.</summary>
    /// <param name="key">The key, if there is one.</param>
    /// <param name="row">The row of a watch that the entry is for, or <see langword="null"/> for a read.</param>
    public TRelated? Find(TForeignKey? key, ViewRow? row) => key is not null && TryFind(key, row, out var found) ? found : default;

    /// <summary>Looks up several entries, and skips missing ones and null keys.</summary>
    /// <inheritdoc cref="Find"/>
    public IReadOnlyList<TRelated> FindMany(IEnumerable<TForeignKey>? keys, ViewRow? row)
    {
        if (keys is null || (keys.TryGetNonEnumeratedCount(out var count) && count == 0))
            return [];
        var all = new List<TRelated>(count);
        foreach (var key in keys)
        {
            if (key is not null && TryFind(key, row, out var found))
                all.Add(found);
        }

        return all;
    }

    public override FollowedCache Follow(WatchOverflow overflow, int maxPending, CancellationToken cancellationToken) =>
        new FollowedCache<TForeignKey, TRelated>(cache, overflow, maxPending, cancellationToken);

    private bool TryFind(TForeignKey key, ViewRow? row, [MaybeNullWhen(false)] out TRelated found) =>
        row is null ? cache.TryGet(key, out found) : FollowedBy(row).TryFind(key, row, out found);

    private FollowedCache<TForeignKey, TRelated> FollowedBy(ViewRow row) =>
        (FollowedCache<TForeignKey, TRelated>)row.Related[ordinal];
}
