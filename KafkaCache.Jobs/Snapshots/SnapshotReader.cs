using KafkaCaching.Jobs.Diagnostics;
using KafkaCaching.Jobs.Scheduling;
using KafkaCaching.Jobs.Tables;
using Microsoft.Extensions.Logging;

namespace KafkaCaching.Jobs.Snapshots;

/// <summary>Watches the table of a refreshed cache, collects its rows, and serves a version once the number and the hash of the rows equal
/// those in its manifest. Until then, the previous version is served.</summary>
/// <remarks>The changes of a transaction may arrive in several batches, and a slow watcher receives only the last change of each key. So
/// the rows and the manifest may arrive in any order, and only this comparison shows that a version is complete.</remarks>
internal sealed class SnapshotReader<TKey, TRow>(
    IReadOnlyKafkaCache<string, TableValue> table, CacheCodec<TKey, TRow> codec, SnapshotBuilder<TKey, TRow> builder,
    Func<Stage<TKey, TRow>, Manifest, bool> isWhole, TimeProvider time, ILogger logger)
    where TKey : notnull
{
    private readonly Pauses _pauses = new();
    private readonly Stage<TKey, TRow> _stage = new(codec);
    private Served<TKey, TRow>? _served;
    private Manifest? _awaited;
    private long _changesServed = -1;
    private long _request = -1;
    private FailureRecord? _failure;
    private volatile string? _problem;

    /// <summary>Raised after a new version is served, and when a failure or a request to refresh has been read.</summary>
    public Signal Heard { get; } = new();

    public Served<TKey, TRow>? Served => Volatile.Read(ref _served);

    /// <summary>The offset of the last request to refresh; -1 if there is none.</summary>
    public long Request => Volatile.Read(ref _request);

    public FailureRecord? Failure => Volatile.Read(ref _failure);

    /// <summary>Why the newest version is not served; <see langword="null"/> if it is.</summary>
    public string? Problem => _problem;

    public async Task RunAsync(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            try
            {
                _stage.Clear();
                await foreach (var change in table.WatchAsync(cancellationToken: stop).ConfigureAwait(false))
                    Apply(change);
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                return;
            }
            catch (ObjectDisposedException)
            {
                return;
            }
            catch (Exception failed) when (failed is not OutOfMemoryException)
            {
                // The table has faulted, or a delegate of the options threw while a version was built. The previous version continues to be
                // served.
                _problem = failed.Message;
                Log.SnapshotUnread(logger, failed, table.Name);
                Heard.Raise();
            }

            await Task.Delay(_pauses.After(failed: true), time, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private void Apply(in CacheChange<string, TableValue> change)
    {
        if (change.Kind == CacheChangeKind.Ready)
        {
            Serve();
            return;
        }

        if (ReservedKeys.Has(change.Key))
            ApplyReserved(change);
        else if (change.Current is { } current)
            _stage.Set(change.Key, current.Value.Bytes);
        else
            _stage.Remove(change.Key);

        // The manifest may arrive before the last rows of its version, so each later row may complete the version.
        if (_awaited is not null && change.Kind != CacheChangeKind.Initial)
            Serve();
    }

    private void ApplyReserved(in CacheChange<string, TableValue> change)
    {
        if (change.Current is not { } current)
            return;
        switch (change.Key)
        {
            case ReservedKeys.Manifest:
                _awaited = Manifest.Of(current.Value.Bytes);
                break;
            case ReservedKeys.Failure:
                Volatile.Write(ref _failure, FailureRecord.Of(current.Value.Bytes));
                Heard.Raise();
                break;
            case ReservedKeys.Request:
                Volatile.Write(ref _request, current.Offset);
                Heard.Raise();
                break;
        }
    }

    private void Serve()
    {
        if (_awaited is not { } manifest)
            return;
        if (!isWhole(_stage, manifest))
        {
            Note(manifest);
            return;
        }

        var before = Served;
        var snapshot = before is not null && _changesServed == _stage.Changes
            ? before.Snapshot.As(manifest.Version, manifest.FetchedAt)
            : builder.Build(manifest, _stage.Rows);
        _changesServed = _stage.Changes;
        _awaited = null;
        _problem = null;
        _pauses.Reset();
        Volatile.Write(ref _served, new Served<TKey, TRow>(snapshot, manifest));
        Log.SnapshotServed(logger, table.Name, manifest.Version, manifest.Count);
        Heard.Raise();
    }

    private void Note(Manifest manifest)
    {
        if (_stage.Fault is not { } fault)
        {
            _problem = $"Version {manifest.Version} is not complete here yet.";
            return;
        }

        var problem = $"Version {manifest.Version} has a row that can't be decoded: {fault}";
        if (_problem != problem)
            Log.SnapshotUndecodable(logger, table.Name, manifest.Version, fault);
        _problem = problem;
    }
}
