using System.Diagnostics.CodeAnalysis;
using KafkaCaching.Indexes;
using KafkaCaching.Store;
using KafkaCaching.Store.Entries;

namespace KafkaCaching.Changes;

/// <summary>Observes the writes to one generation's store, on the replay thread: it removes outdated decoded instances, updates the
/// indexes, and collects the changes for the watchers.</summary>
/// <remarks>From before a write until after it, the set of the <see cref="InstanceTable"/> that the key belongs to accepts no
/// instances.</remarks>
internal sealed class EntryObserver(InstanceTable? instances, EntryIndexer? indexer = null) : IEntryObserver
{
    private readonly PreviousEntry _previous = new();
    private readonly BatchBuilder _captured = new();
    private readonly Queue<ChangeBatch> _taken = new();
    private CachePosition? _cause;
    private bool _captures;
    private int _set;

    public PreviousEntry? Previous => _captures ? _previous : null;

    /// <summary>Whether there is anything to observe.</summary>
    public bool IsNeeded => _captures || instances is not null || indexer is not null;

    public void Capture(bool captures) => _captures = captures;

    public void Applying(int partition, long offset) => _cause = new CachePosition(partition, offset);

    public void Writing(in EntryChange change)
    {
        indexer?.Writing(change); // This is done first, because it may throw.
        if (instances is not null)
            _set = instances.BeginWrite(change.Key);
    }

    public void Written(in EntryChange change, bool happened)
    {
        instances?.EndWrite(_set);
        indexer?.Written(change, happened);
        if (_captures && happened)
            CaptureChange(change);
    }

    /// <summary>Takes the next batch of collected changes.</summary>
    public bool TryTakeChanges([NotNullWhen(true)] out ChangeBatch? batch)
    {
        if (!_taken.TryDequeue(out batch) && _captured.Count > 0)
            batch = _captured.Take();
        return batch is not null;
    }

    // All the changes of one record go into the same batch. Otherwise, the cursor at the end of a batch would skip those in the next one.
    private void CaptureChange(in EntryChange change)
    {
        var cause = _cause ?? new CachePosition(change.Metadata.Partition, change.Metadata.Offset);
        if (_captured.IsLarge && _captured.LastCause != cause)
            _taken.Enqueue(_captured.Take());
        _captured.Add(
            change.Key, _previous.Found, _previous.Metadata, _previous.Content, !change.Removes, change.Metadata, change.Content, cause);
        _captured.AreOfLog &= change.IsOfLog;
    }
}
