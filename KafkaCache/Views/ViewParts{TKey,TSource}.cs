namespace KafkaCaching.Views;

/// <summary>The caches of a view that is being declared.</summary>
internal sealed record ViewParts<TKey, TSource>(IReadOnlyKafkaCache<TKey, TSource> Source, IReadOnlyList<RelatedCache> Related)
    where TKey : notnull
{
    /// <summary>Adds a cache, unless it has already been added, so that all joins with the same cache use the same entries.</summary>
    /// <exception cref="ArgumentException">Another cache has the same name.</exception>
    public (ViewParts<TKey, TSource> Parts, RelatedCache<TForeignKey, TRelated> Added) With<TForeignKey, TRelated>(
        IReadOnlyKafkaCache<TForeignKey, TRelated> cache)
        where TForeignKey : notnull
    {
        ArgumentNullException.ThrowIfNull(cache);
        if (Related.FirstOrDefault(one => one.Cache == cache) is RelatedCache<TForeignKey, TRelated> known)
            return (this, known);
        if (Related.Select(static one => one.Cache).Prepend(Source).Any(one => one != cache && one.Name == cache.Name))
        {
            throw new ArgumentException(
                $"The view joins two caches that are named '{cache.Name}', so it would not be clear which of them a position "
                + "belongs to. Set the option Name of one of them to another name.",
                nameof(cache));
        }

        var added = new RelatedCache<TForeignKey, TRelated>(cache, Related.Count);
        return (this with { Related = [.. Related, added] }, added);
    }

    public IKafkaCacheView<TKey, TView> Select<TView>(string name, Func<TSource, ViewRow?, TView> join)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        return new View<TKey, TSource, TView>(name, Source, Related, join);
    }
}
