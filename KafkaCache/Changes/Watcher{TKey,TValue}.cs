using System.Runtime.CompilerServices;
using KafkaCaching.Replay;
using KafkaCaching.Replay.Applying;

namespace KafkaCaching.Changes;

/// <summary>Runs a watch: it joins the feed and reports the initial content, then that the content is complete, and then the changes. It
/// filters and decodes on the caller's thread.</summary>
internal sealed class Watcher<TKey, TValue>(ChangeFeed feed, EntryDecoder<TKey, TValue> decoder, Func<CancellationToken, Task> untilReady)
    where TKey : notnull
{
    public async IAsyncEnumerable<CacheChange<TKey, TValue>> RunAsync(
        WatchOptions<TKey> options, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await untilReady(cancellationToken).ConfigureAwait(false);
        var queue = new ChangeQueue(options.Overflow, options.MaxPending, feed.Cache);
        var subscription = new Subscription(queue, options.WithCursors, options.ResumeAfter);
        try
        {
            await feed.JoinAsync(subscription).WaitAsync(cancellationToken).ConfigureAwait(false);
            var scan = new ExactScan(queue, feed);
            if (!subscription.Resumes && (!options.SkipInitial || options.ResumeAfter is not null))
            {
                await foreach (var batch in scan.RunAsync(subscription.Content, cancellationToken).ConfigureAwait(false))
                {
                    for (var i = 0; i < batch.Count; i++)
                    {
                        if (TryDecode(batch, i, options, CacheChangeKind.Initial, out var initial))
                            yield return initial;
                    }
                }
            }

            subscription.ReleaseContent();
            var cursors = options.WithCursors ? new CursorTrail(subscription.RecentId!, subscription.Positions) : null;
            yield return Ready(cursors);
            await foreach (var item in ItemsAsync(scan, queue, cancellationToken).ConfigureAwait(false))
            {
                foreach (var batch in await BatchesOfAsync(item, options.SkipInitial, cancellationToken).ConfigureAwait(false))
                {
                    for (var i = 0; i < batch.Count; i++)
                    {
                        var here = cursors?.Pass(batch, i);
                        if (TryDecode(batch, i, options, kind: null, out var change))
                            yield return change with { Cursor = here };
                    }

                    cursors?.PassEnd(batch);
                }

                if (item is Difference difference)
                    cursors?.Pass(difference);
            }
        }
        finally
        {
            feed.Leave(subscription);
        }
    }

    /// <summary>Returns the changes that the scan has held back, and then those in the queue, without end.</summary>
    private static async IAsyncEnumerable<ChangeItem> ItemsAsync(
        ExactScan scan, ChangeQueue queue, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        while (scan.TryTakeHeld(out var held))
            yield return held;
        while (true)
            yield return await queue.TakeAsync(cancellationToken).ConfigureAwait(false);
    }

    private static async ValueTask<IReadOnlyList<ChangeBatch>> BatchesOfAsync(
        ChangeItem item, bool withUnchanged, CancellationToken cancellationToken) =>
        item is Difference difference
            ? await difference.Batches.WaitAsync(cancellationToken).ConfigureAwait(false)
            : ChangeQueue.BatchesOf(item, withUnchanged);

    private static CacheChange<TKey, TValue> Ready(CursorTrail? cursors) =>
        new(CacheChangeKind.Ready, default!, null, null, default, FromRebuild: false) { Cursor = cursors?.Here() };

    private bool TryDecode(
        ChangeBatch batch, int i, WatchOptions<TKey> options, CacheChangeKind? kind, out CacheChange<TKey, TValue> decoded)
    {
        ref readonly var change = ref batch.Changes[i];
        decoded = default;
        var keyBytes = batch.KeyOf(change);
        if (!keyBytes.StartsWith(options.KeyPrefix.Span))
            return false;
        var key = decoder.Key(change.HasPrevious && !change.HasCurrent ? change.Previous : change.Current, keyBytes);
        if (options.Where is { } wants && !wants(key))
            return false;
        decoded = new CacheChange<TKey, TValue>(
            kind ?? (change.HasCurrent ? CacheChangeKind.Set : CacheChangeKind.Removed), key,
            change.HasPrevious ? decoder.Entry(change.Previous, batch.PreviousOf(change)) : null,
            change.HasCurrent ? decoder.Entry(change.Current, batch.CurrentOf(change)) : null, change.Cause, batch.FromRebuild);
        return true;
    }
}
