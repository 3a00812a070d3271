using BenchmarkDotNet.Attributes;

namespace KafkaCaching.Benchmarks.Micro;

/// <summary>Reads through the public face, beside a dictionary of the same entries. Hot: 256 keys, which fit the processor's caches.
/// Random: all of a million.</summary>
public class ReadBenchmarks
{
    private readonly ReadSubjects _subjects = ReadSubjects.Instance;
    private string[] _keys = null!;
    private int _next;

    /// <summary>How many keys are read, in an order of their own.</summary>
    [Params(256, ReadSubjects.Entries)]
    public int Keys { get; set; }

    /// <summary>Makes the reader's own keys: nobody reads with the very string that the dictionary holds, nor in the order of the
    /// writes.</summary>
    [GlobalSetup]
    public void SetUp()
    {
        _keys = [.. Enumerable.Range(0, Keys).Select(Workload.Key)];
        new Random(20_251).Shuffle(_keys);
    }

    /// <summary>A dictionary's bytes: nothing is copied.</summary>
    [Benchmark(Baseline = true)]
    public byte[]? Dictionary_of_bytes() => _subjects.ByteDictionary.TryGetValue(Next(), out var value) ? value : null;

    /// <summary>Bytes, copied out.</summary>
    [Benchmark]
    public byte[]? KafkaCache_Get_bytes() => _subjects.Bytes.Get(Next());

    /// <summary>Bytes, copied out, with partition, offset and timestamp.</summary>
    [Benchmark]
    public bool KafkaCache_TryGetEntry_bytes() => _subjects.Bytes.TryGetEntry(Next(), out _);

    /// <summary>A dictionary's instances.</summary>
    [Benchmark]
    public object? Dictionary_of_users() => _subjects.UserDictionary.TryGetValue(Next(), out var value) ? value : null;

    /// <summary>An instance decoded once, where its key still has its place in the table; else decoded now.</summary>
    [Benchmark]
    public object? KafkaCache_Get_user() => _subjects.Users.Get(Next());

    private string Next()
    {
        var next = _next + 1;
        _next = next = next < _keys.Length ? next : 0;
        return _keys[next];
    }
}
