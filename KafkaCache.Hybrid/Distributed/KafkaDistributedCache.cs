using System.Buffers;
using KafkaCaching.Hybrid.Options;
using KafkaCaching.Hybrid.Records;
using Microsoft.Extensions.Caching.Distributed;

namespace KafkaCaching.Hybrid.Distributed;

/// <summary>An <see cref="IBufferDistributedCache"/> over the topic of a hybrid cache. Reads are served from this process's memory. Writes
/// wait until they are readable here. The entries are separate from those of the hybrid cache: <c>RemoveByTagAsync("*")</c> does not affect
/// them.</summary>
/// <remarks>
/// <para>A sliding expiration is stored as the time to live of the record. When half of the window has passed, a read extends it by writing
/// the record again, in the background. An entry that is read continually costs two records per window. If the write fails, a later read
/// tries again.</para>
/// <para>When an entry is both set and removed, the later record wins. But an extension in one pod may be written after a set or a removal
/// in another, and must not restore a session that has ended. So each set gives its entry a number and writes a mark with the same number,
/// a removal writes a mark without a number, and an extension keeps the number of the entry that it extends. An extension is served only if
/// it has the number of the latest mark. If an extension overwrites a newer set, readers get a miss, never the old entry. This can happen
/// at most once per half window, and only within the time that a record takes to reach the other pod.</para>
/// <para>The entry of a set is served whatever the mark is. The entry and its mark may be in different partitions, so a reader may have
/// applied only one of them; a session must not appear to be missing while it is being written.</para>
/// </remarks>
internal sealed class KafkaDistributedCache(KafkaHybridCache owner) : IBufferDistributedCache
{
    private readonly HybridParts _parts = owner.Parts;

    public byte[]? Get(string key) => TryRead(key, out var record) ? record.Payload.ToArray() : null;

    public Task<byte[]?> GetAsync(string key, CancellationToken token = default)
    {
        token.ThrowIfCancellationRequested();
        return Task.FromResult(Get(key));
    }

    public bool TryGet(string key, IBufferWriter<byte> destination)
    {
        ArgumentNullException.ThrowIfNull(destination);
        if (!TryRead(key, out var record))
            return false;
        destination.Write(record.Payload.Span);
        return true;
    }

    public ValueTask<bool> TryGetAsync(string key, IBufferWriter<byte> destination, CancellationToken token = default)
    {
        token.ThrowIfCancellationRequested();
        return ValueTask.FromResult(TryGet(key, destination));
    }

    public void Refresh(string key) => TryRead(key, out _);

    public Task RefreshAsync(string key, CancellationToken token = default)
    {
        token.ThrowIfCancellationRequested();
        Refresh(key);
        return Task.CompletedTask;
    }

    public void Remove(string key)
    {
        var topicKey = KeyOf(key);
        var mark = MarkOf(topicKey);
        _parts.Cache.Put(RecordKeys.MarkOfKey(topicKey), mark, MarkOptionsOf(mark));
        _parts.Cache.Remove(topicKey, PutWait.Applied);
    }

    public Task RemoveAsync(string key, CancellationToken token = default)
    {
        var topicKey = KeyOf(key);
        var mark = MarkOf(topicKey);
        return Task.WhenAll(
            _parts.Cache.PutAsync(RecordKeys.MarkOfKey(topicKey), mark, MarkOptionsOf(mark), token),
            _parts.Cache.RemoveAsync(topicKey, PutWait.Applied, token));
    }

    public void Set(string key, byte[] value, DistributedCacheEntryOptions options)
    {
        var topicKey = KeyOf(key);
        var record = Make(value, options);
        var mark = MarkOf(topicKey, record);
        _parts.Cache.Put(topicKey, record, Deadline.PutOptionsOf(record));
        _parts.Cache.Put(RecordKeys.MarkOfKey(topicKey), mark, MarkOptionsOf(mark));
    }

    public Task SetAsync(string key, byte[] value, DistributedCacheEntryOptions options, CancellationToken token = default)
    {
        var topicKey = KeyOf(key);
        var record = Make(value, options);
        var mark = MarkOf(topicKey, record);
        return Task.WhenAll(
            _parts.Cache.PutAsync(topicKey, record, Deadline.PutOptionsOf(record), token),
            _parts.Cache.PutAsync(RecordKeys.MarkOfKey(topicKey), mark, MarkOptionsOf(mark), token));
    }

    public void Set(string key, ReadOnlySequence<byte> value, DistributedCacheEntryOptions options) =>
        Set(key, value.ToArray(), options);

    public ValueTask SetAsync(
        string key, ReadOnlySequence<byte> value, DistributedCacheEntryOptions options, CancellationToken token = default) =>
        new(SetAsync(key, value.ToArray(), options, token));

    private string KeyOf(string key)
    {
        ArgumentNullException.ThrowIfNull(key);
        _parts.Keys.RequireKey(key);
        return RecordKeys.OfDistributed(key);
    }

    private bool TryRead(string key, out StoredRecord record)
    {
        var topicKey = KeyOf(key);
        var now = _parts.Time.GetUtcNow();
        if (!_parts.Watch.HasBeenReady
            || !_parts.Cache.TryGetEntry(topicKey, out var entry)
            || !entry.Value.HasValue
            || (entry.Value.Kind == RecordKind.Extension && !HasNumberOfMark(topicKey, entry.Value))
            || Deadline.Of(entry) <= now)
        {
            record = StoredRecord.Unreadable;
            return false;
        }

        record = entry.Value;
        if (Deadline.NeedsExtension(entry, now) && HasNumberOfMark(topicKey, record))
            _ = ExtendAsync(topicKey, entry, now);
        return true;
    }

    private bool HasNumberOfMark(string topicKey, StoredRecord record) =>
        !_parts.Cache.TryGetEntry(RecordKeys.MarkOfKey(topicKey), out var mark) || mark.Value.SetNumber == record.SetNumber;

    // If the extension fails, the entry expires as if it had not been read.
    private async Task ExtendAsync(string topicKey, CacheEntry<StoredRecord> entry, DateTimeOffset now)
    {
        if (!_parts.Extensions.TryBegin(topicKey))
            return;
        try
        {
            // Another reader's extension may have been applied since this one read the entry.
            if (!_parts.Cache.TryGetEntry(topicKey, out var current) || current.Position != entry.Position)
                return;
            var old = entry.Value;
            var left = old.FreshFor > TimeSpan.Zero ? entry.Timestamp + old.FreshFor - now : TimeSpan.Zero;
            var record = new StoredRecord(RecordKind.Extension, old.Payload)
            {
                FreshFor = left, Sliding = old.Sliding, SetNumber = old.SetNumber,
            };
            await _parts.Cache.PutAsync(topicKey, record, Deadline.PutOptionsOf(record)).ConfigureAwait(false);
        }
        catch (Exception failed) when (failed is KafkaCacheException or ObjectDisposedException)
        {
            _parts.Counts.CountFailedPut();
        }
        finally
        {
            _parts.Extensions.End(topicKey);
        }
    }

    // A mark must outlive any extension that was under way when the mark was put. Such an extension lives for one sliding window of the
    // entry that it extends. That entry may be gone by now, so its window is also taken from the previous mark.
    private StoredRecord MarkOf(string topicKey, StoredRecord? set = null)
    {
        TimeSpan[] windows = [set?.Sliding ?? TimeSpan.Zero, SlidingOf(topicKey), SlidingOf(RecordKeys.MarkOfKey(topicKey))];
        return new StoredRecord(RecordKind.Mark, default) { SetNumber = set?.SetNumber ?? 0, Sliding = windows.Max() };
    }

    private PutOptions MarkOptionsOf(StoredRecord mark) =>
        new() { Wait = PutWait.Applied, TimeToLive = Lifetimes.OfRecord(_parts.Lifetimes.OfMarks + mark.Sliding) };

    private TimeSpan SlidingOf(string recordKey) =>
        _parts.Watch.HasBeenReady && _parts.Cache.TryGetEntry(recordKey, out var entry) ? entry.Value.Sliding : TimeSpan.Zero;

    private StoredRecord Make(byte[] value, DistributedCacheEntryOptions options)
    {
        ArgumentNullException.ThrowIfNull(value);
        ArgumentNullException.ThrowIfNull(options);
        return value.Length <= _parts.MaximumPayloadBytes
            ? new StoredRecord(RecordKind.Value, value)
            {
                FreshFor = Deadline.AbsoluteOf(options, _parts.Time.GetUtcNow()),
                Sliding = Deadline.SlidingOf(options),
                SetNumber = Random.Shared.NextInt64(1, long.MaxValue),
            }
            : throw new ArgumentException(
                $"The value has {value.Length} bytes, more than {_parts.MaximumPayloadBytes}. Store less, or raise MaximumPayloadBytes and "
                + "the topic's max.message.bytes.",
                nameof(value));
    }
}
