using System.Buffers;
using KafkaCaching.Hybrid.Diagnostics;
using KafkaCaching.Hybrid.Fills;
using KafkaCaching.Hybrid.Options;
using KafkaCaching.Hybrid.Records;
using KafkaCaching.Hybrid.Serializers;
using KafkaCaching.Hybrid.Validity;
using Microsoft.Extensions.Logging;

namespace KafkaCaching.Hybrid.Reads;

/// <summary>The steps of a hit: find the entry → check its marks → check its lifetime → return the value.</summary>
internal sealed class HybridReader(
    IReadOnlyKafkaCache<string, StoredRecord> cache, EntryValidity<AppliedMarks> validity, TopicWatch watch, PendingFills pending,
    LocalEntries local, ValueSerializers serializers, TimeProvider time, ILogger logger, string name)
{
    /// <summary>Gets a value that is valid and fresh.</summary>
    public bool TryGet<T>(string key, EntryAccess access, out T value) => TryGet(key, access, out value, out _);

    /// <summary>Gets a value that is valid and fresh, and its entry.</summary>
    public bool TryGet<T>(string key, EntryAccess access, out T value, out FoundEntry found)
    {
        if (TryFind(key, access, out found) && found.IsFresh(time.GetUtcNow()))
            return TryDecode(found, out value);
        value = default!;
        return false;
    }

    /// <summary>Gets a value that is valid, and that is fresh or expired at most a given time ago, and its entry.</summary>
    public bool TryGetStale<T>(string key, EntryAccess access, TimeSpan staleFor, out T value, out FoundEntry found)
    {
        if (TryFind(key, access, out found) && found.IsFreshOrStale(time.GetUtcNow(), staleFor))
            return TryDecode(found, out value);
        value = default!;
        return false;
    }

    /// <summary>Finds a valid entry, fresh or not. A fill that is under way is preferred, because it is newer than the entry in the
    /// topic.</summary>
    public bool TryFind(string key, EntryAccess access, out FoundEntry found)
    {
        found = default;
        if (!watch.HasBeenReady)
            return false;
        try
        {
            if (!pending.IsEmpty && access.ReadsStored && pending.TryGet(key, out found) && IsValid(key, found))
                return true;
            if (local.IsEmpty || !access.ReadsLocal || !local.TryGet(key, out var kept) || !IsValid(key, kept))
                return access.ReadsStored && TryFindStored(key, out found);

            // An expired value that is kept for StaleIfError must not hide a fresh one.
            if (kept.IsFresh(time.GetUtcNow()) || !access.ReadsStored || !TryFindStored(key, out found))
                found = kept;
            return true;
        }
        catch (KafkaCacheException)
        {
            // The cache has faulted, or is stale while stale reads are disabled. The status page and the health checks report the cause;
            // this caller gets a miss.
            return false;
        }
        catch (ArgumentException)
        {
            // The key can't be encoded as UTF-8, so no entry has it. A hit does not check the rules for keys; only a miss does.
            found = default;
            return false;
        }
    }

    /// <summary>Whether a fill that has not been stored is valid, given the marks that have been applied since.</summary>
    public bool IsValid(string key, StoredRecord record)
    {
        try
        {
            return validity.IsValid(key, record, position: null, watch.Topic);
        }
        catch (KafkaCacheException)
        {
            return false;
        }
    }

    /// <summary>Whether a record would be valid for a caller that gives these tags.</summary>
    public bool IsCurrent(string key, StoredRecord record, string[] tagMarks)
    {
        try
        {
            var topic = watch.Topic;
            return validity.IsValid(key, record, position: null, topic) && validity.OutlivesTags(record, tagMarks, topic);
        }
        catch (KafkaCacheException)
        {
            return false;
        }
    }

    /// <summary>Whether an entry of the topic would be served if its lifetime were ignored.</summary>
    public bool IsServed(string key, in FoundEntry found) => IsValid(key, found);

    public T Deserialize<T>(StoredRecord record) =>
        record.Kind == RecordKind.Null ? default! : serializers.Of<T>().Deserialize(new ReadOnlySequence<byte>(record.Payload));

    private bool TryFindStored(string key, out FoundEntry found)
    {
        if (!cache.TryGetEntry(key, out var entry) || !entry.Value.HasValue)
        {
            found = default;
            return false;
        }

        found = new FoundEntry(entry.Value, entry.Timestamp, entry.Position);
        return IsValid(key, found);
    }

    private bool IsValid(string key, in FoundEntry found) => validity.IsValid(key, found.Record, found.Position, watch.Topic);

    private bool TryDecode<T>(in FoundEntry found, out T value)
    {
        if (ImmutableTypes<T>.Has && found.Record.TryRecall(out value))
            return true;
        try
        {
            value = Deserialize<T>(found.Record);
        }
        catch (Exception undecodable)
        {
            // The application's serializer may throw, for example on an entry that another version of the application wrote. The next fill
            // replaces the entry.
            Log.ValueUndecodable(logger, undecodable, name, found.Position?.ToString() ?? "(unwritten)", typeof(T).ToString());
            value = default!;
            return false;
        }

        if (ImmutableTypes<T>.Has)
            found.Record.Remember(value);
        return true;
    }
}
