using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using KafkaCaching.Replay.Errors;

namespace KafkaCaching.Tests.Hosting;

/// <summary>A cache whose status, entries and waits the test sets.</summary>
internal sealed class FakeCache(string name, CacheStatus status) : IReadOnlyKafkaCache<string, string>
{
    public FakeCache(CachePhase phase)
        : this("users", StatusOf(phase)) =>
        Topic = "users-v1";

    public string Name { get; } = name;

    public string Topic { get; init; } = name;

    public bool IsReadOnly { get; init; } = true;

    public CacheStatus Status { get; set; } = status;

    public long Count => Status.Entries;

    /// <summary>Returns the entry of a key. May throw.</summary>
    public Func<string, CacheEntry<string>?> Find { get; init; } = static _ => null;

    /// <summary>Returns the keys for a prefix or a term. May throw.</summary>
    public Func<object, IEnumerable<string>> FindKeys { get; init; } = static _ => [];

    /// <summary>Implements the wait for a position.</summary>
    public Func<CachePosition, CancellationToken, Task> Wait { get; init; } = static (_, _) => Task.CompletedTask;

    public static CacheStatus StatusOf(CachePhase phase) => new()
    {
        Phase = phase,
        Progress = 0.25,
        Entries = 0,
        MemoryBytes = 0,
        RecordsApplied = 0,
        RecordErrors = 0,
        Fault = phase == CachePhase.Faulted ? new IOException("no such disk") : null,
        IsReplayRunning = true,
        SinceConfirmed = TimeSpan.FromSeconds(1.5),
        Partitions = [],
    };

    public static PartitionStatus Partition(int partition, long position, long highWatermark, double lagSeconds) => new()
    {
        Partition = partition,
        LogStart = 0,
        Position = position,
        Target = 0,
        LastStableOffset = highWatermark,
        HighWatermark = highWatermark,
        LagDuration = TimeSpan.FromSeconds(lagSeconds),
    };

    public void WaitUntilReady(TimeSpan? timeout = null) => throw new NotSupportedException();

    public Task WaitUntilReadyAsync(CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public Task WaitUntilReadyAsync(TimeSpan timeout, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public Task WaitUntilAppliedAsync(CachePosition position, CancellationToken cancellationToken = default) =>
        Wait(position, cancellationToken);

    public string? Get(string key) => Find(key)?.Value;

    public bool TryGet(string key, [MaybeNullWhen(false)] out string value) => (value = Get(key)) is not null;

    public bool TryGetEntry(string key, out CacheEntry<string> entry)
    {
        var found = Find(key);
        entry = found ?? default;
        return found is not null;
    }

    public bool ContainsKey(string key) => Find(key) is not null;

    public IReadOnlyList<KeyValuePair<string, string>> GetMany(IEnumerable<string> keys) => throw new NotSupportedException();

    public bool TryGetBytes(string key, IBufferWriter<byte> destination) => TryGetBytes(key, destination, out _, out _);

    public bool TryGetBytes(string key, IBufferWriter<byte> destination, out CachePosition position, out DateTimeOffset timestamp)
    {
        var found = TryGetEntry(key, out var entry);
        if (found)
            destination.Write(Encoding.UTF8.GetBytes(entry.Value));
        (position, timestamp) = (entry.Position, entry.Timestamp);
        return found;
    }

    public IEnumerable<string> Keys => [];

    public IEnumerable<KeyValuePair<string, CacheEntry<string>>> Scan() => [];

    public IReadOnlyList<CacheIndex> Indexes { get; init; } = [];

    public IAsyncEnumerable<CacheChange<string, string>> WatchAsync(
        WatchOptions<string>? options = null, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    IEnumerable<KeyValuePair<string, CacheEntry<string>>> IReadOnlyKafkaCache<string, string>.Find<TTerm>(
        CacheIndex<TTerm> index, TTerm term) => Entries(term!);

    IEnumerable<KeyValuePair<string, CacheEntry<string>>> IReadOnlyKafkaCache<string, string>.Find<TTerm>(string index, TTerm term) => [];

    public long CountOf<TTerm>(CacheIndex<TTerm> index, TTerm term) => 0;

    public IEnumerable<KeyValuePair<string, CacheEntry<string>>> ScanPrefix(string prefix) => Entries(prefix);

    public IEnumerable<KeyValuePair<string, CacheEntry<string>>> ScanRange(string from, string to) => [];

    private IEnumerable<KeyValuePair<string, CacheEntry<string>>> Entries(object asked) =>
        FindKeys(asked).Select(static key => KeyValuePair.Create(key, default(CacheEntry<string>)));
}
