using System.Buffers;
using System.Globalization;
using KafkaCaching.Encodings;
using KafkaCaching.Store;

namespace KafkaCaching.Hosting;

/// <summary>A cache in a container.</summary>
internal sealed class CacheHandle<TKey, TValue>(KafkaCache<TKey, TValue> cache) : IHostedCache
    where TKey : notnull
{
    public KafkaCache<TKey, TValue> Cache => cache;

    public string Name => cache.Name;

    public string Topic => cache.Topic;

    public bool IsReadOnly => cache.Parts.Putter is null;

    public CacheStatus Status => cache.Status;

    public bool IsReplayRunning => cache.Parts.Supervisor.IsRunning;

    public TimeSpan SinceConfirmed => cache.Parts.Supervisor.SinceConfirmed;

    public Task WaitUntilReadyAsync(CancellationToken cancellationToken) => cache.WaitUntilReadyAsync(cancellationToken);

    public Task WaitUntilAppliedAsync(CachePosition position, CancellationToken cancellationToken) => cache.WaitUntilAppliedAsync(position, cancellationToken);

    public FoundEntry? Find(string key)
    {
        ArgumentNullException.ThrowIfNull(key);
        var typed = KeyText.Parse<TKey>(key);
        try
        {
            return (typeof(TValue) == typeof(int) || typeof(TValue) == typeof(long)) && FindNumber(typed) is { } number ? number : FindBytes(typed);
        }
        catch (ArgumentException unencodable)
        {
            throw new FormatException("The text is no key of the cache: keys are encoded, and it can't be.", unencodable);
        }
    }

    // By its bytes, so that a value which can't be decoded is shown too.
    private FoundEntry? FindBytes(TKey key)
    {
        var bytes = new ArrayBufferWriter<byte>();
        if (!cache.Parts.Reader.TryGetBytes(key, bytes, out var metadata))
            return null;
        var (text, format) = ValueText.Of(bytes.WrittenMemory);
        return new FoundEntry(text, format, metadata.Partition, metadata.Offset, RecordTime.Of(metadata.TimestampMs));
    }

    private FoundEntry? FindNumber(TKey key)
    {
        try
        {
            return cache.TryGetEntry(key, out var entry)
                ? new FoundEntry(Convert.ToString(entry.Value, CultureInfo.InvariantCulture)!, FoundFormat.Text, entry.Partition, entry.Offset, entry.Timestamp)
                : null;
        }
        catch (RecordErrorException undecodable) when (undecodable.Reason == RecordErrorReason.UndecodableValue)
        {
            // Its bytes say more; and where the key is quarantined for it, reading them says so again.
            return null;
        }
    }
}
