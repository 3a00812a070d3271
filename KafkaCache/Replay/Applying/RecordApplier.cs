using System.Runtime.CompilerServices;
using KafkaCaching.Indexes;
using KafkaCaching.Replay.Claims;
using KafkaCaching.Replay.Errors;
using KafkaCaching.Replay.Sources;
using KafkaCaching.Store;
using KafkaCaching.Store.Entries;

namespace KafkaCaching.Replay.Applying;

/// <summary>Applies one record to the store. As far as the options require, it decodes, validates and resolves the record first.</summary>
internal abstract class RecordApplier(IStateStore store, EntryRules? entries = null, EntryIndexer? indexer = null)
{
    private long _keysSeenInTwoPartitions;

    protected IStateStore Store { get; } = store;

    /// <summary>The number of writes that replaced an entry from another partition or were superseded by one. The replay thread counts
    /// them. Any thread may read the count.</summary>
    public long KeysSeenInTwoPartitions => Volatile.Read(ref _keysSeenInTwoPartitions);

    /// <summary>The entries that a resolver's records claim; <see langword="null"/> without a resolver.</summary>
    public virtual ClaimedEntries? Claims => null;

    /// <summary>Whether records are validated against the entries that they would replace.</summary>
    public virtual bool JudgesMutations => false;

    /// <summary>The number of keys that the records of more than one record key yield. Safe to read from any thread.</summary>
    public long ContestedKeys => Claims?.ContestedKeys ?? 0;

    /// <summary>The number of bytes held beside the store for contested keys. Safe to read from any thread.</summary>
    public long ContestedBytes => Claims?.ContestedBytes ?? 0;

    /// <summary>Applies a record completely, or throws and leaves the store unchanged.</summary>
    /// <exception cref="RecordErrorException">The record can't be used.</exception>
    /// <exception cref="StoreFullException">The store has no room left.</exception>
    public abstract void Apply(in SourceRecord record);

    /// <summary>Marks the entries of the record's key as quarantined, so that reads of them throw until a valid record arrives.</summary>
    public virtual void Quarantine(in SourceRecord record, RecordErrorReason reason)
    {
        // A key that is too long for the store can have neither a value nor a mark there.
        if (record.HasKey && record.Key.Length <= Store.MaxEntryBytes)
            Set(record, record.Key, QuarantinedBy(record, reason), default);
    }

    /// <summary>Prefetches the memory of the store and of the indexes for a record that will be applied soon.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Prefetch(in SourceRecord record)
    {
        if (!record.HasKey)
            return;
        Store.Prefetch(record.Key);
        indexer?.Indexes.Prefetch(record.Key);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    protected static EntryMetadata MetadataOf(in SourceRecord record) =>
        new(record.Partition, record.Offset, Math.Clamp(record.TimestampMs, -EntryLayout.MaxTimestampMs, EntryLayout.MaxTimestampMs));

    /// <summary>Creates the entry of a record, without a resolver.</summary>
    /// <returns>The content of the entry, valid until the next call.</returns>
    /// <exception cref="RecordErrorException">A header can't be used.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    protected ReadOnlySpan<byte> ContentOf(in SourceRecord record, out EntryMetadata metadata)
    {
        metadata = MetadataOf(record);
        return entries is null ? record.Value : entries.Apply(record, ref metadata);
    }

    protected static EntryMetadata QuarantinedBy(in SourceRecord record, RecordErrorReason reason) =>
        MetadataOf(record) with { Quarantine = (byte)(reason + 1) };

    protected static void RequireKey(in SourceRecord record)
    {
        if (!record.HasKey)
            throw RecordErrors.At(record, RecordErrorReason.MissingKey, "It has no key; a compacted topic keeps one value per key.");
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    protected void Set(in SourceRecord record, ReadOnlySpan<byte> key, in EntryMetadata metadata, ReadOnlySpan<byte> content)
    {
        try
        {
            Note(Store.Set(key, metadata, content));
        }
        catch (EntryTooLargeException tooLarge)
        {
            throw RecordErrors.At(record, RecordErrorReason.TooLarge, tooLarge.Message);
        }
    }

    protected void Remove(ReadOnlySpan<byte> key, in EntryMetadata tombstone) => Note(Store.Remove(key, tombstone));

    protected void CountKeySeenInTwoPartitions() => Volatile.Write(ref _keysSeenInTwoPartitions, _keysSeenInTwoPartitions + 1);

    private void Note(WriteResult result)
    {
        if (result is WriteResult.WasInAnotherPartition or WriteResult.Refused)
            CountKeySeenInTwoPartitions();
    }
}
