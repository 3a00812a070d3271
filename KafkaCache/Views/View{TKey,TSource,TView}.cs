using System.Diagnostics.CodeAnalysis;
using KafkaCaching.Waiting;

namespace KafkaCaching.Views;

/// <summary>A view of caches. A read gets the entry of the first cache, looks up the entries to join, and creates the joined
/// value.</summary>
/// <param name="name">The name of the view.</param>
/// <param name="source">The cache whose entries are joined with others.</param>
/// <param name="related">The other caches.</param>
/// <param name="join">Joins an entry, for a row of a watch or, without one, for a read.</param>
internal sealed class View<TKey, TSource, TView>(
    string name, IReadOnlyKafkaCache<TKey, TSource> source, IReadOnlyList<RelatedCache> related, Func<TSource, ViewRow?, TView> join)
    : IKafkaCacheView<TKey, TView>
    where TKey : notnull
{
    private readonly ViewWatcher<TKey, TSource, TView> _watcher = new(source, related, join);

    public string Name => name;

    public IReadOnlyList<IKafkaCache> Caches { get; } = [.. related.Select(static one => one.Cache).Prepend(source).Distinct()];

    public ViewStatus Status => ViewStatus.Of(Caches);

    public Task WaitUntilReadyAsync(CancellationToken cancellationToken = default) =>
        AllOrFirstFailure.WaitAsync(Caches, static (cache, failed) => cache.WaitUntilReadyAsync(failed), cancellationToken);

    public Task WaitUntilReadyAsync(TimeSpan timeout, CancellationToken cancellationToken = default) =>
        AllOrFirstFailure.WaitAsync(Caches, (cache, failed) => cache.WaitUntilReadyAsync(timeout, failed), cancellationToken);

    public Task WaitUntilAppliedAsync(string cache, CachePosition position, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(cache);
        var named = Caches.FirstOrDefault(one => one.Name == cache) ?? throw new ArgumentException(
            $"The view '{name}' joins no cache '{cache}'. It joins {string.Join(", ", Caches.Select(static one => $"'{one.Name}'"))}.",
            nameof(cache));
        return named.WaitUntilAppliedAsync(position, cancellationToken);
    }

    public TView? Get(TKey key) => TryGet(key, out var view) ? view : default;

    public bool TryGet(TKey key, [MaybeNullWhen(false)] out TView view)
    {
        var found = source.TryGet(key, out var value);
        view = found ? join(value!, null) : default;
        return found;
    }

    public IEnumerable<KeyValuePair<TKey, TView>> Scan() => Join(source.Scan());

    public IEnumerable<KeyValuePair<TKey, TView>> Find<TTerm>(CacheIndex<TTerm> index, TTerm term) => Join(source.Find(index, term));

    public IEnumerable<KeyValuePair<TKey, TView>> Find<TTerm>(string index, TTerm term) => Join(source.Find(index, term));

    public IAsyncEnumerable<ViewChange<TKey, TView>> WatchAsync(
        WatchOptions<TKey>? options = null, CancellationToken cancellationToken = default)
    {
        options ??= new WatchOptions<TKey>();
        if (options.WithCursors || options.ResumeAfter is not null)
        {
            throw new ArgumentException(
                $"The watch of the view '{name}' can't have cursors, because each of its caches has positions of its own. Leave out "
                + "WithCursors and ResumeAfter.",
                nameof(options));
        }

        return _watcher.RunAsync(options, cancellationToken);
    }

    private IEnumerable<KeyValuePair<TKey, TView>> Join(IEnumerable<KeyValuePair<TKey, CacheEntry<TSource>>> entries)
    {
        foreach (var (key, entry) in entries)
            yield return KeyValuePair.Create(key, join(entry.Value, null));
    }
}
