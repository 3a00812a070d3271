using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using KafkaCaching.Store.Entries;

namespace KafkaCaching.Changes;

/// <summary>Reads the entries that a generation had when a queue joined it, while its writer continues. Only one thread may use an instance
/// at a time.</summary>
/// <remarks><para>The scan finds a key's entry as it was at the start, unless the key has changed since then. To detect such changes, it
/// reads the entries in chunks. After each chunk, it waits until no batch is being applied. Every change that the chunk may include is then
/// in the queue. A key with a change in the queue is reported with its entry before the first of its changes.</para>
/// <para>If the store runs out of space during a scan, it moves entries, and the scan may find an entry twice or miss a removed one. An
/// entry is then reported twice, or its removal is reported although the entry was not.</para></remarks>
internal sealed class ExactScan(ChangeQueue queue, ChangeFeed feed)
{
    private readonly Dictionary<byte[], FirstChange> _changed = new(ByteComparer.Instance);
    private readonly List<ChangeBatch> _taken = [];
    private readonly Queue<ChangeItem> _held = [];
    private readonly BatchBuilder _builder = new();
    private Conflation? _conflation;

    /// <summary>Returns the next of the changes since the start that have been taken from the queue, in order.</summary>
    public bool TryTakeHeld([NotNullWhen(true)] out ChangeItem? item)
    {
        if (!_held.TryDequeue(out item))
            return false;
        queue.ReleaseHeld(item.Count);
        return true;
    }

    public async IAsyncEnumerable<ChangeBatch> RunAsync(
        IWatchable content, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var scan = content.Store.Scan(includesRemoved: true);
        var chunk = new ScanChunk();
        while (chunk.Fill(scan))
        {
            await CatchUpAsync(cancellationToken).ConfigureAwait(false);
            for (var i = 0; i < chunk.Count; i++)
                Add(chunk, i);
            if (_builder.Count > 0)
                yield return _builder.Take();
        }
    }

    /// <summary>Takes from the queue all changes of the entries that have been read so far.</summary>
    public async Task CatchUpAsync(CancellationToken cancellationToken)
    {
        await feed.BetweenBatchesAsync().WaitAsync(cancellationToken).ConfigureAwait(false);
        queue.TakeOfSameGeneration(_taken);
        foreach (var batch in _taken)
        {
            Note(batch);
            Hold(batch);
        }

        _taken.Clear();
    }

    /// <summary>Whether a key that has changed since the start had an entry then; <see langword="null"/> if the key has not
    /// changed.</summary>
    public bool? WasThereAtTheStart(ReadOnlySpan<byte> key) =>
        _changed.GetAlternateLookup<ReadOnlySpan<byte>>().TryGetValue(key, out var first) ? first.Value is not null : null;

    // The consumer may take very long to read the initial content, so conflated changes are held only once per key.
    private void Hold(ChangeBatch batch)
    {
        if (queue.Overflow != WatchOverflow.Conflate)
        {
            _held.Enqueue(batch);
            return;
        }

        if (_conflation is null)
            _held.Enqueue(_conflation = new Conflation());
        _conflation.Add(batch);
    }

    private void Note(ChangeBatch batch)
    {
        var changed = _changed.GetAlternateLookup<ReadOnlySpan<byte>>();
        foreach (ref readonly var change in batch.Changes)
        {
            if (!changed.ContainsKey(batch.KeyOf(change)))
                changed[batch.KeyOf(change)] = new FirstChange(
                    change.HasPrevious ? batch.PreviousOf(change).ToArray() : null, change.Previous);
        }
    }

    private void Add(ScanChunk chunk, int i)
    {
        var key = chunk.KeyOf(i);
        if (!_changed.GetAlternateLookup<ReadOnlySpan<byte>>().TryGetValue(key, out var first))
        {
            if (!chunk.IsRemoved(i))
                Add(key, chunk.MetadataOf(i), chunk.ContentOf(i));
        }
        else if (!first.IsReported)
        {
            first.IsReported = true;
            if (first.Value is not null)
                Add(key, first.Metadata, first.Value);
        }
    }

    private void Add(ReadOnlySpan<byte> key, in EntryMetadata metadata, ReadOnlySpan<byte> value) =>
        _builder.Add(
            key, hasPrevious: false, default, default, hasCurrent: true, metadata, value,
            new CachePosition(metadata.Partition, metadata.Offset));

    private sealed class FirstChange(byte[]? value, EntryMetadata metadata)
    {
        public byte[]? Value { get; } = value;

        public EntryMetadata Metadata { get; } = metadata;

        public bool IsReported { get; set; }
    }
}
