using KafkaCaching.Views;

namespace KafkaCaching;

/// <summary>The declaration of a view, which begins with <see cref="KafkaCacheView.From"/>. Instances are immutable.</summary>
/// <typeparam name="TKey">The type of the view's keys.</typeparam>
/// <typeparam name="TSource">The type of the values of the first cache.</typeparam>
public sealed class ViewJoin<TKey, TSource>
    where TKey : notnull
{
    private readonly ViewParts<TKey, TSource> _parts;

    internal ViewJoin(ViewParts<TKey, TSource> parts) => _parts = parts;

    /// <summary>Joins an entry of a cache. The joined value is <see langword="null"/> while there is no such entry.</summary>
    /// <typeparam name="TForeignKey">The type of that cache's keys.</typeparam>
    /// <typeparam name="TRelated">The type of that cache's values.</typeparam>
    /// <param name="cache">The cache.</param>
    /// <param name="key">Returns the key of the entry, or <see langword="null"/> if there is none. It must be a pure function, and any
    /// thread may call it.</param>
    /// <returns>The declaration with this join.</returns>
    /// <exception cref="ArgumentNullException">An argument is <see langword="null"/>.</exception>
    /// <exception cref="ArgumentException">The view joins another cache of the same name.</exception>
    public ViewJoin<TKey, TSource, TRelated?> Join<TForeignKey, TRelated>(
        IReadOnlyKafkaCache<TForeignKey, TRelated> cache, Func<TSource, TForeignKey?> key)
        where TForeignKey : notnull
    {
        ArgumentNullException.ThrowIfNull(key);
        var (parts, related) = _parts.With(cache);
        return new ViewJoin<TKey, TSource, TRelated?>(parts, (source, row) => related.Find(key(source), row));
    }

    /// <summary>Joins any number of entries of a cache, in the order of the given keys. Keys without an entry, and keys that are
    /// <see langword="null"/>, are skipped.</summary>
    /// <typeparam name="TForeignKey">The type of that cache's keys.</typeparam>
    /// <typeparam name="TRelated">The type of that cache's values.</typeparam>
    /// <param name="cache">The cache.</param>
    /// <param name="keys">Returns the keys of the entries, or <see langword="null"/> if there are none. It must be a pure function, and any
    /// thread may call it.</param>
    /// <returns>The declaration with this join.</returns>
    /// <exception cref="ArgumentNullException">An argument is <see langword="null"/>.</exception>
    /// <exception cref="ArgumentException">The view joins another cache of the same name.</exception>
    public ViewJoin<TKey, TSource, IReadOnlyList<TRelated>> JoinMany<TForeignKey, TRelated>(
        IReadOnlyKafkaCache<TForeignKey, TRelated> cache, Func<TSource, IEnumerable<TForeignKey>?> keys)
        where TForeignKey : notnull
    {
        ArgumentNullException.ThrowIfNull(keys);
        var (parts, related) = _parts.With(cache);
        return new ViewJoin<TKey, TSource, IReadOnlyList<TRelated>>(parts, (source, row) => related.FindMany(keys(source), row));
    }

    /// <summary>Completes the declaration.</summary>
    /// <typeparam name="TView">The type of the joined values.</typeparam>
    /// <param name="name">The name of the view.</param>
    /// <param name="select">Creates the joined value. It must be a pure function, and any thread may call it.</param>
    /// <returns>The view. It reads from the caches and owns nothing, so it need not be disposed of.</returns>
    /// <exception cref="ArgumentNullException">An argument is <see langword="null"/>.</exception>
    /// <exception cref="ArgumentException"><paramref name="name"/> is empty.</exception>
    public IKafkaCacheView<TKey, TView> Select<TView>(string name, Func<TSource, TView> select)
    {
        ArgumentNullException.ThrowIfNull(select);
        return _parts.Select(name, (source, _) => select(source));
    }
}

/// <inheritdoc cref="ViewJoin{TKey, TSource}"/>
/// <typeparam name="TKey">The type of the view's keys.</typeparam>
/// <typeparam name="TSource">The type of the values of the first cache.</typeparam>
/// <typeparam name="TFirst">The type of the first join's result.</typeparam>
public sealed class ViewJoin<TKey, TSource, TFirst>
    where TKey : notnull
{
    private readonly ViewParts<TKey, TSource> _parts;
    private readonly Func<TSource, ViewRow?, TFirst> _first;

    internal ViewJoin(ViewParts<TKey, TSource> parts, Func<TSource, ViewRow?, TFirst> first) => (_parts, _first) = (parts, first);

    /// <inheritdoc cref="ViewJoin{TKey, TSource}.Join"/>
    public ViewJoin<TKey, TSource, TFirst, TRelated?> Join<TForeignKey, TRelated>(
        IReadOnlyKafkaCache<TForeignKey, TRelated> cache, Func<TSource, TFirst, TForeignKey?> key)
        where TForeignKey : notnull
    {
        ArgumentNullException.ThrowIfNull(key);
        var (parts, related) = _parts.With(cache);
        return new ViewJoin<TKey, TSource, TFirst, TRelated?>(
            parts, _first, (source, first, row) => related.Find(key(source, first), row));
    }

    /// <inheritdoc cref="ViewJoin{TKey, TSource}.JoinMany"/>
    public ViewJoin<TKey, TSource, TFirst, IReadOnlyList<TRelated>> JoinMany<TForeignKey, TRelated>(
        IReadOnlyKafkaCache<TForeignKey, TRelated> cache, Func<TSource, TFirst, IEnumerable<TForeignKey>?> keys)
        where TForeignKey : notnull
    {
        ArgumentNullException.ThrowIfNull(keys);
        var (parts, related) = _parts.With(cache);
        return new ViewJoin<TKey, TSource, TFirst, IReadOnlyList<TRelated>>(
            parts, _first, (source, first, row) => related.FindMany(keys(source, first), row));
    }

    /// <inheritdoc cref="ViewJoin{TKey, TSource}.Select"/>
    public IKafkaCacheView<TKey, TView> Select<TView>(string name, Func<TSource, TFirst, TView> select)
    {
        ArgumentNullException.ThrowIfNull(select);
        var first = _first;
        return _parts.Select(name, (source, row) => select(source, first(source, row)));
    }
}

/// <inheritdoc cref="ViewJoin{TKey, TSource}"/>
/// <typeparam name="TKey">The type of the view's keys.</typeparam>
/// <typeparam name="TSource">The type of the values of the first cache.</typeparam>
/// <typeparam name="TFirst">The type of the first join's result.</typeparam>
/// <typeparam name="TSecond">The type of the second join's result.</typeparam>
public sealed class ViewJoin<TKey, TSource, TFirst, TSecond>
    where TKey : notnull
{
    private readonly ViewParts<TKey, TSource> _parts;
    private readonly Func<TSource, ViewRow?, TFirst> _first;
    private readonly Func<TSource, TFirst, ViewRow?, TSecond> _second;

    internal ViewJoin(
        ViewParts<TKey, TSource> parts, Func<TSource, ViewRow?, TFirst> first, Func<TSource, TFirst, ViewRow?, TSecond> second) =>
        (_parts, _first, _second) = (parts, first, second);

    /// <inheritdoc cref="ViewJoin{TKey, TSource}.Join"/>
    public ViewJoin<TKey, TSource, TFirst, TSecond, TRelated?> Join<TForeignKey, TRelated>(
        IReadOnlyKafkaCache<TForeignKey, TRelated> cache, Func<TSource, TFirst, TSecond, TForeignKey?> key)
        where TForeignKey : notnull
    {
        ArgumentNullException.ThrowIfNull(key);
        var (parts, related) = _parts.With(cache);
        return new ViewJoin<TKey, TSource, TFirst, TSecond, TRelated?>(
            parts, _first, _second, (source, first, second, row) => related.Find(key(source, first, second), row));
    }

    /// <inheritdoc cref="ViewJoin{TKey, TSource}.JoinMany"/>
    public ViewJoin<TKey, TSource, TFirst, TSecond, IReadOnlyList<TRelated>> JoinMany<TForeignKey, TRelated>(
        IReadOnlyKafkaCache<TForeignKey, TRelated> cache, Func<TSource, TFirst, TSecond, IEnumerable<TForeignKey>?> keys)
        where TForeignKey : notnull
    {
        ArgumentNullException.ThrowIfNull(keys);
        var (parts, related) = _parts.With(cache);
        return new ViewJoin<TKey, TSource, TFirst, TSecond, IReadOnlyList<TRelated>>(
            parts, _first, _second, (source, first, second, row) => related.FindMany(keys(source, first, second), row));
    }

    /// <inheritdoc cref="ViewJoin{TKey, TSource}.Select"/>
    public IKafkaCacheView<TKey, TView> Select<TView>(string name, Func<TSource, TFirst, TSecond, TView> select)
    {
        ArgumentNullException.ThrowIfNull(select);
        var (makeFirst, makeSecond) = (_first, _second);
        return _parts.Select(name, (source, row) =>
        {
            var first = makeFirst(source, row);
            return select(source, first, makeSecond(source, first, row));
        });
    }
}

/// <inheritdoc cref="ViewJoin{TKey, TSource}"/>
/// <typeparam name="TKey">The type of the view's keys.</typeparam>
/// <typeparam name="TSource">The type of the values of the first cache.</typeparam>
/// <typeparam name="TFirst">The type of the first join's result.</typeparam>
/// <typeparam name="TSecond">The type of the second join's result.</typeparam>
/// <typeparam name="TThird">The type of the third join's result.</typeparam>
public sealed class ViewJoin<TKey, TSource, TFirst, TSecond, TThird>
    where TKey : notnull
{
    private readonly ViewParts<TKey, TSource> _parts;
    private readonly Func<TSource, ViewRow?, TFirst> _first;
    private readonly Func<TSource, TFirst, ViewRow?, TSecond> _second;
    private readonly Func<TSource, TFirst, TSecond, ViewRow?, TThird> _third;

    internal ViewJoin(
        ViewParts<TKey, TSource> parts, Func<TSource, ViewRow?, TFirst> first, Func<TSource, TFirst, ViewRow?, TSecond> second,
        Func<TSource, TFirst, TSecond, ViewRow?, TThird> third) =>
        (_parts, _first, _second, _third) = (parts, first, second, third);

    /// <inheritdoc cref="ViewJoin{TKey, TSource}.Select"/>
    public IKafkaCacheView<TKey, TView> Select<TView>(string name, Func<TSource, TFirst, TSecond, TThird, TView> select)
    {
        ArgumentNullException.ThrowIfNull(select);
        var (makeFirst, makeSecond, makeThird) = (_first, _second, _third);
        return _parts.Select(name, (source, row) =>
        {
            var first = makeFirst(source, row);
            var second = makeSecond(source, first, row);
            return select(source, first, second, makeThird(source, first, second, row));
        });
    }
}
