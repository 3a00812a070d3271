using System.Buffers;
using System.Globalization;

namespace KafkaCaching.Benchmarks.Soaking;

/// <summary>A thread that reads the instances in random order, a thousand reads at a time, and checks each value: its write must be allowed
/// to be visible, and the value must not be older than one that was seen before.</summary>
internal sealed class ReadChecker : IDisposable
{
    private const int Burst = 1_000;
    private const int ReadsPerScan = 20_000;
    private const int ScannedEntries = 2_000;
    private static readonly TimeSpan Rest = TimeSpan.FromMilliseconds(10);

    private readonly IReadOnlyList<(SoakTopic Topic, KafkaCache<string, SoakValue> Cache, Sightings Seen)> _instances;
    private readonly NotCommittedWrites _notCommitted;
    private readonly Violations _violations;
    private readonly Random _random;
    private readonly ManualResetEventSlim _ending = new();
    private readonly ArrayBufferWriter<byte> _bytes = new();
    private readonly Thread _thread;
    private long _reads;

    public ReadChecker(IEnumerable<SoakTopic> topics, NotCommittedWrites notCommitted, Violations violations, int seed)
    {
        _instances = [.. topics.SelectMany(static topic => topic.Instances.Select(cache => (topic, cache, new Sightings())))];
        _notCommitted = notCommitted;
        _violations = violations;
        _random = new Random(seed);
        _thread = new Thread(Run) { IsBackground = true, Name = "read checker" };
        _thread.Start();
    }

    public long Reads => Volatile.Read(ref _reads);

    public void Dispose()
    {
        _ending.Set();
        _thread.Join();
        _ending.Dispose();
    }

    private void Run()
    {
        try
        {
            while (!_ending.Wait(Rest) && !_violations.Enough.IsCancellationRequested)
            {
                var (topic, cache, seen) = _instances[_random.Next(_instances.Count)];
                for (var i = 0; i < Burst; i++)
                    ReadOne(topic, cache, seen, SoakKeys.NextRead(_random));
                if (_random.Next(ReadsPerScan) < Burst)
                    Scan(topic, cache, seen);
            }
        }
        catch (Exception unexpected)
        {
            _violations.Add("A read", "a value or none", unexpected.ToString(), isLast: true);
        }
    }

    private void ReadOne(SoakTopic topic, KafkaCache<string, SoakValue> cache, Sightings seen, int number)
    {
        var before = topic.Log.Now;
        var key = before.Keys[number];
        CachePosition? position = null;
        try
        {
            if (_random.Next(16) == 0)
            {
                ReadBytes(cache, before, key, number);
                return;
            }

            if (cache.TryGetEntry(key, out var entry))
            {
                position = entry.Position;
                CheckValue(cache, entry, before.Layout, number);
            }
        }
        catch (RecordErrorException bad) when (topic.TakesBadRecords)
        {
            position = new CachePosition(bad.Partition, bad.Offset);
        }

        Check(cache, seen, number, position, before, topic.Log.Now);
    }

    private void ReadBytes(KafkaCache<string, SoakValue> cache, LogState log, string key, int number)
    {
        _bytes.ResetWrittenCount();
        Volatile.Write(ref _reads, _reads + 1);
        if (cache.TryGetBytes(key, _bytes) && !IsRight(SoakValue.Parse(_bytes.WrittenSpan), log.Layout, number))
            _violations.Add($"A read of bytes of '{cache.Name}', key {number}", "a value of that key", "another");
    }

    private void Scan(SoakTopic topic, KafkaCache<string, SoakValue> cache, Sightings seen)
    {
        var before = topic.Log.Now;
        var left = ScannedEntries;
        foreach (var (key, entry) in cache.Scan())
        {
            var number = entry.Value.Key;
            if (entry.Value.Layout == before.Layout && number < SoakKeys.Count)
            {
                if (before.Keys[number] != key)
                    _violations.Add($"A scan of '{cache.Name}'", $"key {key}", $"a value of key {number}");
                CheckValue(cache, entry, before.Layout, number);
                Check(cache, seen, number, entry.Position, before, topic.Log.Now);
            }

            if (--left == 0)
                break;
        }
    }

    private void CheckValue(KafkaCache<string, SoakValue> cache, in CacheEntry<SoakValue> entry, int layout, int number)
    {
        if (!IsRight(entry.Value, layout, number))
            _violations.Add(
                $"A read of '{cache.Name}', key {number} at {entry.Position}", "a committed value of that key",
                _notCommitted.Tell(entry.Value));
    }

    private bool IsRight(SoakValue value, int layout, int number) =>
        value.Key == number && value.Layout == layout && !value.IsToBeAborted && !_notCommitted.Contains(value);

    private void Check(
        KafkaCache<string, SoakValue> cache, Sightings seen, int number, CachePosition? position, LogState before, LogState after)
    {
        Volatile.Write(ref _reads, _reads + 1);
        if (seen.Note(number, position, before, after) is { } wrong)
        {
            _violations.Add(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"Reads of '{cache.Name}', key {number}, layout {before.Layout}, log {before.Settled} to {after.Begun}"),
                "a place that never goes back", wrong);
        }
    }
}
