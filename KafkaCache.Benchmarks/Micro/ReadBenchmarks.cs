using System.Collections.Concurrent;
using System.Text.Json;
using BenchmarkDotNet.Attributes;
using KafkaCaching.Testing;

namespace KafkaCaching.Benchmarks.Micro;

/// <summary>Reads through the public face, beside a dictionary of the same entries. Hot: 256 keys, which fit every processor cache. Random: all of a million.</summary>
public class ReadBenchmarks
{
    private const int Entries = 1_000_000;
    private const string Topic = "empty";

    private EmbeddedBroker _broker = null!;
    private KafkaCache<string, byte[]> _bytes = null!;
    private KafkaCache<string, User> _users = null!;
    private ConcurrentDictionary<string, byte[]> _byteDictionary = null!;
    private ConcurrentDictionary<string, User> _userDictionary = null!;
    private string[] _keys = null!;
    private int _next;

    /// <summary>How many keys are read, in an order of their own.</summary>
    [Params(256, Entries)]
    public int Keys { get; set; }

    /// <summary>Lays out the entries, straight into the stores: the topic is empty.</summary>
    [GlobalSetup]
    public void SetUp()
    {
        _broker = EmbeddedBroker.Start();
        _broker.CreateTopic(Topic);
        _bytes = PrefilledStore.Start<byte[]>(_broker, Topic, Entries);
        _users = PrefilledStore.Start<User>(_broker, Topic, Entries);
        _byteDictionary = new ConcurrentDictionary<string, byte[]>(StringComparer.Ordinal);
        _userDictionary = new ConcurrentDictionary<string, User>(StringComparer.Ordinal);
        for (var number = 0; number < Entries; number++)
        {
            var value = Workload.Value(number);
            _byteDictionary[Workload.Key(number)] = value;
            _userDictionary[Workload.Key(number)] = JsonSerializer.Deserialize<User>(value, JsonSerializerOptions.Web)!;
        }

        // Keys of the reader's own, in another order than they were written: nobody reads with the very string that the dictionary holds.
        _keys = [.. Enumerable.Range(0, Keys).Select(static number => Workload.Key(number))];
        new Random(20_251).Shuffle(_keys);
    }

    /// <summary>Lets go of all.</summary>
    [GlobalCleanup]
    public void CleanUp()
    {
        _bytes.Dispose();
        _users.Dispose();
        _broker.Dispose();
    }

    /// <summary>A dictionary's bytes: nothing is copied.</summary>
    [Benchmark(Baseline = true)]
    public byte[]? Dictionary_of_bytes() => _byteDictionary.GetValueOrDefault(Next());

    /// <summary>Bytes, copied out.</summary>
    [Benchmark]
    public byte[]? KafkaCache_Get_bytes() => _bytes.Get(Next());

    /// <summary>Bytes, copied out, with partition, offset and timestamp.</summary>
    [Benchmark]
    public bool KafkaCache_TryGetEntry_bytes() => _bytes.TryGetEntry(Next(), out _);

    /// <summary>A dictionary's instances.</summary>
    [Benchmark]
    public object? Dictionary_of_users() => _userDictionary.GetValueOrDefault(Next());

    /// <summary>An instance decoded once, or decoded now.</summary>
    [Benchmark]
    public object? KafkaCache_Get_user() => _users.Get(Next());

    private string Next()
    {
        var next = _next + 1;
        _next = next = next < _keys.Length ? next : 0;
        return _keys[next];
    }
}
