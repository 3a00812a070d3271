using System.Runtime.CompilerServices;

namespace KafkaCaching.Views;

/// <summary>Runs a watch of a view: it begins to follow the related caches, and reports the initial content, then that the content is
/// complete, and then the changes. It follows every change of the first cache. Of the related caches, it knows only the entries that its
/// values were joined with.</summary>
internal sealed class ViewWatcher<TKey, TSource, TView>(
    IReadOnlyKafkaCache<TKey, TSource> source, IReadOnlyList<RelatedCache> related, Func<TSource, ViewRow?, TView> join)
    where TKey : notnull
{
    public async IAsyncEnumerable<ViewChange<TKey, TView>> RunAsync(
        WatchOptions<TKey> options, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        FollowedCache[] followed = [.. related.Select(one => one.Follow(options.Overflow, options.MaxPending, ending.Token))];
        var changes = new ChangeReader<TKey, TSource>(
            source.WatchAsync(options with { SkipInitial = false }, ending.Token).GetAsyncEnumerator(ending.Token));
        ChangeReader[] readers = [.. followed.Select(static one => one.Changes), changes];
        var rows = new ViewRows<TKey, TSource, TView>(source.Name, followed, join);
        try
        {
            await BeginAsync(followed).ConfigureAwait(false);
            for (var isReady = false; !isReady;)
            {
                changes.Advance();
                await changes.Next.ConfigureAwait(false);
                var change = rows.Take(changes.Current);
                isReady = change.Kind == CacheChangeKind.Ready;
                if (isReady || !options.SkipInitial)
                    yield return change;
            }

            foreach (var reader in readers)
                reader.Advance();
            while (true)
            {
                await AnyAsync(readers).ConfigureAwait(false);
                foreach (var one in followed)
                {
                    if (!one.Changes.Next.IsCompleted)
                        continue;
                    await one.Changes.Next.ConfigureAwait(false);
                    foreach (var row in one.Take())
                        yield return rows.JoinAgain((ViewRow<TKey, TSource, TView>)row, one);
                    one.Changes.Advance();
                }

                if (changes.Next.IsCompleted)
                {
                    await changes.Next.ConfigureAwait(false);
                    yield return rows.Take(changes.Current);
                    changes.Advance();
                }
            }
        }
        finally
        {
            await ending.CancelAsync().ConfigureAwait(false);
            foreach (var reader in readers)
                await reader.DisposeAsync().ConfigureAwait(false);
        }
    }

    // A related cache's watch reports changes from the moment of its Ready change, so the cache is read only after that.
    private static async Task BeginAsync(FollowedCache[] followed)
    {
        foreach (var one in followed)
            one.Changes.Advance();
        await foreach (var next in Task.WhenEach(followed.Select(static one => one.Changes.Next)).ConfigureAwait(false))
            await next.ConfigureAwait(false);
    }

    private static Task AnyAsync(ChangeReader[] readers) => Array.Exists(readers, static reader => reader.Next.IsCompleted)
        ? Task.CompletedTask
        : Task.WhenAny(readers.Select(static reader => reader.Next));
}
