using KafkaCaching.Views;

namespace KafkaCaching;

/// <summary>Declares views of existing caches. In a container, use <c>AddKafkaCacheView</c>.</summary>
public static class KafkaCacheView
{
    /// <summary>Begins the declaration of a view.</summary>
    /// <typeparam name="TKey">The type of the view's keys.</typeparam>
    /// <typeparam name="TSource">The type of the cache's values.</typeparam>
    /// <param name="cache">The cache whose entries are joined with others.</param>
    /// <returns>The declaration, to be completed with <c>Join</c> and <c>Select</c>.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="cache"/> is <see langword="null"/>.</exception>
    public static ViewJoin<TKey, TSource> From<TKey, TSource>(IReadOnlyKafkaCache<TKey, TSource> cache)
        where TKey : notnull
    {
        ArgumentNullException.ThrowIfNull(cache);
        return new ViewJoin<TKey, TSource>(new ViewParts<TKey, TSource>(cache, []));
    }
}
