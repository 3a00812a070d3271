using System.Text;
using KafkaCaching.Hybrid.Records;

namespace KafkaCaching.Hybrid.Openings;

/// <summary>The processes that open tags. Each record passes through <see cref="Notice(in CacheRecord)"/> before the cache applies it, so
/// whoever reads an applied record finds its process here.</summary>
internal sealed class TagWriters
{
    private readonly Lock _gate = new();
    private TagWriter[] _all = [];
    private volatile bool _areKnown = true;

    /// <summary>Whether all processes are known. After a start from a snapshot, the processes whose records are in the snapshot are not
    /// known at first.</summary>
    public bool AreKnown => _areKnown;

    public TagWriter[] All => Volatile.Read(ref _all);

    /// <summary>Adds the process of a record that lists open tags. Called on the replay thread only.</summary>
    /// <returns>Always <see langword="true"/>, because no record is refused.</returns>
    public bool Notice(in CacheRecord record)
    {
        if (record.KeyBytes.StartsWith(RecordKeys.OpenPrefixBytes))
            Notice(Encoding.UTF8.GetString(record.KeyBytes[RecordKeys.OpenPrefixBytes.Length..]));
        return true;
    }

    public void Notice(string name)
    {
        lock (_gate)
        {
            if (Array.Find(_all, writer => writer.Name == name) is { } known)
                known.IsFresh = true;
            else
                Volatile.Write(ref _all, [.. _all, new TagWriter(name)]);
        }
    }

    /// <summary>Adds the processes whose records came from a snapshot and not from the log.</summary>
    /// <returns>A task that completes when they have been found or the cache has ended.</returns>
    public async Task FindAsync(IReadOnlyKafkaCache<string, StoredRecord> cache, CancellationToken cancellationToken)
    {
        _areKnown = false;
        try
        {
            var options = new WatchOptions<string> { KeyPrefix = RecordKeys.OpenPrefixBytes.ToArray() };
            await foreach (var change in cache.WatchAsync(options, cancellationToken).ConfigureAwait(false))
            {
                if (change.Kind == CacheChangeKind.Ready)
                    break;
                Notice(change.Key[RecordKeys.OpenPrefixBytes.Length..]);
            }

            _areKnown = true;
        }
        catch (Exception ended) when (ended is OperationCanceledException or ObjectDisposedException or KafkaCacheException)
        {
            // The cache was disposed or has faulted; a fault is reported by its status and health checks.
        }
    }

    /// <summary>Removes the processes from which no record has been seen since the last call.</summary>
    public void ForgetOld()
    {
        lock (_gate)
        {
            TagWriter[] fresh = [.. _all.Where(static writer => writer.IsFresh)];
            foreach (var writer in fresh)
                writer.IsFresh = false;
            Volatile.Write(ref _all, fresh);
        }
    }
}
