using KafkaCaching.Store.Entries;
using KafkaCaching.Waiting;

namespace KafkaCaching.Changes;

/// <summary>The difference between a generation's last entries and the entries of its successor at the moment when the successor began to
/// serve. It is computed once for all watchers, on a thread-pool thread.</summary>
internal sealed class Difference : ChangeItem
{
    private Difference(IWatchable next, Task<IReadOnlyList<ChangeBatch>> batches) =>
        (Positions, Batches) = (next.Positions.Snapshot(), batches);

    public override int Count => 0;

    /// <summary>The positions of the successor after the difference.</summary>
    public long[] Positions { get; }

    /// <summary>The ID of the <see cref="RecentChanges"/> that cursors after the difference refer to, if recent changes are kept.</summary>
    public string? RecentId { get; private init; }

    /// <summary>The changes, once they have been computed. After that, the difference no longer references the generations. Otherwise, a
    /// watcher that never takes it would keep their stores in memory.</summary>
    public Task<IReadOnlyList<ChangeBatch>> Batches { get; }

    /// <summary>Begins to compute the difference.</summary>
    /// <param name="previous">The generation that is replaced. It is released afterwards.</param>
    /// <param name="next">The generation that serves from now on.</param>
    /// <param name="recentId">The ID of the <see cref="RecentChanges"/> that cursors refer to from now on.</param>
    /// <param name="own">Receives the changes of <paramref name="next"/> from now on.</param>
    /// <param name="feed">The feed that <paramref name="own"/> leaves afterwards.</param>
    public static Difference Begin(IWatchable previous, IWatchable next, string? recentId, Subscription own, ChangeFeed feed)
    {
        previous.Retain();
        var batches = Task.Run(async () =>
        {
            try
            {
                await own.Joined.ConfigureAwait(false);
                return await new Computation(previous, next, new ExactScan(own.Queue, feed)).RunAsync().ConfigureAwait(false);
            }
            finally
            {
                feed.Leave(own);
                previous.Release();
            }
        });
        batches.Observe();
        return new Difference(next, batches) { RecentId = recentId };
    }

    private sealed class Computation(IWatchable previous, IWatchable next, ExactScan scan)
    {
        private readonly BatchBuilder _builder = new(fromRebuild: true);
        private readonly List<ChangeBatch> _batches = [];

        public async Task<IReadOnlyList<ChangeBatch>> RunAsync()
        {
            await foreach (var batch in scan.RunAsync(next, CancellationToken.None).ConfigureAwait(false))
                AddSet(batch);
            await AddRemovedAsync().ConfigureAwait(false);
            if (_builder.Count > 0)
                _batches.Add(_builder.Take());
            return _batches;
        }

        private void AddSet(ChangeBatch batch)
        {
            foreach (ref readonly var change in batch.Changes)
            {
                var key = batch.KeyOf(change);
                var content = batch.CurrentOf(change);
                using var old = previous.Store.ReadEvenExpired(key);
                if (old.Found && old.Metadata == change.Current && old.Content.SequenceEqual(content))
                    continue;
                _builder.Add(key, old.Found, old.Metadata, old.Content, hasCurrent: true, change.Current, content, change.Cause);
                TakeIfLarge();
            }
        }

        private async Task AddRemovedAsync()
        {
            using var entries = previous.Store.Scan(includesRemoved: true);
            var chunk = new ScanChunk();
            while (chunk.Fill(entries))
            {
                var isGone = new bool[chunk.Count];
                for (var i = 0; i < isGone.Length; i++)
                    isGone[i] = !IsGood(next.Store.ReadEvenExpired(chunk.KeyOf(i)));
                await scan.CatchUpAsync(CancellationToken.None).ConfigureAwait(false);
                for (var i = 0; i < isGone.Length; i++)
                {
                    if (chunk.IsRemoved(i))
                        continue;
                    var wasThere = scan.WasThereAtTheStart(chunk.KeyOf(i));
                    if (wasThere ?? !isGone[i])
                        continue;
                    var metadata = chunk.MetadataOf(i);
                    _builder.Add(
                        chunk.KeyOf(i), hasPrevious: true, metadata, chunk.ContentOf(i), hasCurrent: false, default, default,
                        new CachePosition(metadata.Partition, metadata.Offset));
                    TakeIfLarge();
                }
            }
        }

        private static bool IsGood(StoredEntry stored)
        {
            var isGood = stored.Found && !stored.IsQuarantined;
            stored.Dispose();
            return isGood;
        }

        private void TakeIfLarge()
        {
            if (_builder.IsLarge)
                _batches.Add(_builder.Take());
        }
    }
}
