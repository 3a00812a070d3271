using KafkaCaching.Hosting.Views;

namespace KafkaCaching;

/// <summary>The declaration of a view that <c>AddKafkaCacheView</c> has registered. It begins with <see cref="From"/> and ends with
/// <c>Select</c>. It refers to caches by the names under which they are added to the container, whether before or after the view.</summary>
/// <typeparam name="TKey">The type of the view's keys.</typeparam>
/// <typeparam name="TView">The type of the joined values.</typeparam>
public sealed class KafkaCacheViewBuilder<TKey, TView>
    where TKey : notnull
{
    private readonly ViewRegistration<TKey, TView> _view;

    internal KafkaCacheViewBuilder(ViewRegistration<TKey, TView> view) => _view = view;

    /// <summary>Names the cache whose entries are joined with entries of other caches.</summary>
    /// <typeparam name="TSource">The type of that cache's values.</typeparam>
    /// <param name="cache">The name of the cache.</param>
    /// <returns>The declaration with this cache.</returns>
    /// <exception cref="ArgumentException"><paramref name="cache"/> is empty.</exception>
    public KafkaCacheViewBuilder<TKey, TView, TSource> From<TSource>(string cache)
    {
        var source = _view.Cache<TKey, TSource>(cache);
        return new KafkaCacheViewBuilder<TKey, TView, TSource>(_view, services => KafkaCacheView.From(source(services)));
    }
}

/// <inheritdoc cref="KafkaCacheViewBuilder{TKey, TView}"/>
/// <typeparam name="TKey">The type of the view's keys.</typeparam>
/// <typeparam name="TView">The type of the joined values.</typeparam>
/// <typeparam name="TSource">The type of the values of the first cache.</typeparam>
public sealed class KafkaCacheViewBuilder<TKey, TView, TSource>
    where TKey : notnull
{
    private readonly ViewRegistration<TKey, TView> _view;
    private readonly Func<IServiceProvider, ViewJoin<TKey, TSource>> _join;

    internal KafkaCacheViewBuilder(ViewRegistration<TKey, TView> view, Func<IServiceProvider, ViewJoin<TKey, TSource>> join) =>
        (_view, _join) = (view, join);

    /// <summary>Joins one entry of a cache. The joined value is <see langword="null"/> while there is no such entry.</summary>
    /// <typeparam name="TForeignKey">The type of that cache's keys.</typeparam>
    /// <typeparam name="TRelated">The type of that cache's values.</typeparam>
    /// <param name="cache">The name of the cache.</param>
    /// <param name="key">Returns the key of the entry to join, or <see langword="null"/> if there is none. It must be a pure function, and
    /// may be called on any thread.</param>
    /// <returns>The declaration with this join.</returns>
    /// <exception cref="ArgumentException"><paramref name="cache"/> is empty.</exception>
    public KafkaCacheViewBuilder<TKey, TView, TSource, TRelated?> Join<TForeignKey, TRelated>(
        string cache, Func<TSource, TForeignKey?> key)
        where TForeignKey : notnull
    {
        ArgumentNullException.ThrowIfNull(key);
        var (join, related) = (_join, _view.Cache<TForeignKey, TRelated>(cache));
        return new KafkaCacheViewBuilder<TKey, TView, TSource, TRelated?>(
            _view, services => join(services).Join(related(services), key));
    }

    /// <summary>Joins any number of entries of a cache, in the order of the given keys. Keys without an entry are skipped.</summary>
    /// <typeparam name="TForeignKey">The type of that cache's keys.</typeparam>
    /// <typeparam name="TRelated">The type of that cache's values.</typeparam>
    /// <param name="cache">The name of the cache.</param>
    /// <param name="keys">Returns the keys of the entries to join, or <see langword="null"/> if there are none. It must be a pure function,
    /// and may be called on any thread.</param>
    /// <returns>The declaration with this join.</returns>
    /// <exception cref="ArgumentException"><paramref name="cache"/> is empty.</exception>
    public KafkaCacheViewBuilder<TKey, TView, TSource, IReadOnlyList<TRelated>> JoinMany<TForeignKey, TRelated>(
        string cache, Func<TSource, IEnumerable<TForeignKey>?> keys)
        where TForeignKey : notnull
    {
        ArgumentNullException.ThrowIfNull(keys);
        var (join, related) = (_join, _view.Cache<TForeignKey, TRelated>(cache));
        return new KafkaCacheViewBuilder<TKey, TView, TSource, IReadOnlyList<TRelated>>(
            _view, services => join(services).JoinMany(related(services), keys));
    }

    /// <summary>Completes the declaration.</summary>
    /// <param name="select">Creates the joined value. It must be a pure function, and may be called on any thread.</param>
    /// <exception cref="InvalidOperationException">The view has already been completed.</exception>
    public void Select(Func<TSource, TView> select)
    {
        ArgumentNullException.ThrowIfNull(select);
        var (join, name) = (_join, _view.Name);
        _view.Complete(services => join(services).Select(name, select));
    }
}

/// <inheritdoc cref="KafkaCacheViewBuilder{TKey, TView}"/>
/// <typeparam name="TKey">The type of the view's keys.</typeparam>
/// <typeparam name="TView">The type of the joined values.</typeparam>
/// <typeparam name="TSource">The type of the values of the first cache.</typeparam>
/// <typeparam name="TFirst">The type of the first join's result.</typeparam>
public sealed class KafkaCacheViewBuilder<TKey, TView, TSource, TFirst>
    where TKey : notnull
{
    private readonly ViewRegistration<TKey, TView> _view;
    private readonly Func<IServiceProvider, ViewJoin<TKey, TSource, TFirst>> _join;

    internal KafkaCacheViewBuilder(ViewRegistration<TKey, TView> view, Func<IServiceProvider, ViewJoin<TKey, TSource, TFirst>> join) =>
        (_view, _join) = (view, join);

    /// <inheritdoc cref="KafkaCacheViewBuilder{TKey, TView, TSource}.Join"/>
    public KafkaCacheViewBuilder<TKey, TView, TSource, TFirst, TRelated?> Join<TForeignKey, TRelated>(
        string cache, Func<TSource, TFirst, TForeignKey?> key)
        where TForeignKey : notnull
    {
        ArgumentNullException.ThrowIfNull(key);
        var (join, related) = (_join, _view.Cache<TForeignKey, TRelated>(cache));
        return new KafkaCacheViewBuilder<TKey, TView, TSource, TFirst, TRelated?>(
            _view, services => join(services).Join(related(services), key));
    }

    /// <inheritdoc cref="KafkaCacheViewBuilder{TKey, TView, TSource}.JoinMany"/>
    public KafkaCacheViewBuilder<TKey, TView, TSource, TFirst, IReadOnlyList<TRelated>> JoinMany<TForeignKey, TRelated>(
        string cache, Func<TSource, TFirst, IEnumerable<TForeignKey>?> keys)
        where TForeignKey : notnull
    {
        ArgumentNullException.ThrowIfNull(keys);
        var (join, related) = (_join, _view.Cache<TForeignKey, TRelated>(cache));
        return new KafkaCacheViewBuilder<TKey, TView, TSource, TFirst, IReadOnlyList<TRelated>>(
            _view, services => join(services).JoinMany(related(services), keys));
    }

    /// <inheritdoc cref="KafkaCacheViewBuilder{TKey, TView, TSource}.Select"/>
    public void Select(Func<TSource, TFirst, TView> select)
    {
        ArgumentNullException.ThrowIfNull(select);
        var (join, name) = (_join, _view.Name);
        _view.Complete(services => join(services).Select(name, select));
    }
}

/// <inheritdoc cref="KafkaCacheViewBuilder{TKey, TView}"/>
/// <typeparam name="TKey">The type of the view's keys.</typeparam>
/// <typeparam name="TView">The type of the joined values.</typeparam>
/// <typeparam name="TSource">The type of the values of the first cache.</typeparam>
/// <typeparam name="TFirst">The type of the first join's result.</typeparam>
/// <typeparam name="TSecond">The type of the second join's result.</typeparam>
public sealed class KafkaCacheViewBuilder<TKey, TView, TSource, TFirst, TSecond>
    where TKey : notnull
{
    private readonly ViewRegistration<TKey, TView> _view;
    private readonly Func<IServiceProvider, ViewJoin<TKey, TSource, TFirst, TSecond>> _join;

    internal KafkaCacheViewBuilder(
        ViewRegistration<TKey, TView> view, Func<IServiceProvider, ViewJoin<TKey, TSource, TFirst, TSecond>> join) =>
        (_view, _join) = (view, join);

    /// <inheritdoc cref="KafkaCacheViewBuilder{TKey, TView, TSource}.Join"/>
    public KafkaCacheViewBuilder<TKey, TView, TSource, TFirst, TSecond, TRelated?> Join<TForeignKey, TRelated>(
        string cache, Func<TSource, TFirst, TSecond, TForeignKey?> key)
        where TForeignKey : notnull
    {
        ArgumentNullException.ThrowIfNull(key);
        var (join, related) = (_join, _view.Cache<TForeignKey, TRelated>(cache));
        return new KafkaCacheViewBuilder<TKey, TView, TSource, TFirst, TSecond, TRelated?>(
            _view, services => join(services).Join(related(services), key));
    }

    /// <inheritdoc cref="KafkaCacheViewBuilder{TKey, TView, TSource}.JoinMany"/>
    public KafkaCacheViewBuilder<TKey, TView, TSource, TFirst, TSecond, IReadOnlyList<TRelated>> JoinMany<TForeignKey, TRelated>(
        string cache, Func<TSource, TFirst, TSecond, IEnumerable<TForeignKey>?> keys)
        where TForeignKey : notnull
    {
        ArgumentNullException.ThrowIfNull(keys);
        var (join, related) = (_join, _view.Cache<TForeignKey, TRelated>(cache));
        return new KafkaCacheViewBuilder<TKey, TView, TSource, TFirst, TSecond, IReadOnlyList<TRelated>>(
            _view, services => join(services).JoinMany(related(services), keys));
    }

    /// <inheritdoc cref="KafkaCacheViewBuilder{TKey, TView, TSource}.Select"/>
    public void Select(Func<TSource, TFirst, TSecond, TView> select)
    {
        ArgumentNullException.ThrowIfNull(select);
        var (join, name) = (_join, _view.Name);
        _view.Complete(services => join(services).Select(name, select));
    }
}

/// <inheritdoc cref="KafkaCacheViewBuilder{TKey, TView}"/>
/// <typeparam name="TKey">The type of the view's keys.</typeparam>
/// <typeparam name="TView">The type of the joined values.</typeparam>
/// <typeparam name="TSource">The type of the values of the first cache.</typeparam>
/// <typeparam name="TFirst">The type of the first join's result.</typeparam>
/// <typeparam name="TSecond">The type of the second join's result.</typeparam>
/// <typeparam name="TThird">The type of the third join's result.</typeparam>
public sealed class KafkaCacheViewBuilder<TKey, TView, TSource, TFirst, TSecond, TThird>
    where TKey : notnull
{
    private readonly ViewRegistration<TKey, TView> _view;
    private readonly Func<IServiceProvider, ViewJoin<TKey, TSource, TFirst, TSecond, TThird>> _join;

    internal KafkaCacheViewBuilder(
        ViewRegistration<TKey, TView> view, Func<IServiceProvider, ViewJoin<TKey, TSource, TFirst, TSecond, TThird>> join) =>
        (_view, _join) = (view, join);

    /// <inheritdoc cref="KafkaCacheViewBuilder{TKey, TView, TSource}.Select"/>
    public void Select(Func<TSource, TFirst, TSecond, TThird, TView> select)
    {
        ArgumentNullException.ThrowIfNull(select);
        var (join, name) = (_join, _view.Name);
        _view.Complete(services => join(services).Select(name, select));
    }
}
