using BenchmarkDotNet.Attributes;

namespace KafkaCaching.Benchmarks.Micro;

/// <summary>Measures reads through the public API, compared with a dictionary of the same entries. The reads are of 256 keys, which fit
/// into the processor's caches, or of all million keys.</summary>
public class ReadBenchmarks
{
    private readonly ReadSubjects _subjects = ReadSubjects.Instance;
    private string[] _keys = null!;
    private int _next;

    /// <summary>The number of keys that are read, in an order other than that in which they were written.</summary>
    [Params(256, ReadSubjects.Entries)]
    public int Keys { get; set; }

    /// <summary>Creates new key strings in random order, because real code reads neither with the string instances that the dictionary
    /// holds nor in the order of the writes.</summary>
    [GlobalSetup]
    public void SetUp()
    {
        _keys = [.. Enumerable.Range(0, Keys).Select(Workload.Key)];
        new Random(20_251).Shuffle(_keys);
    }

    /// <summary>Reads a dictionary's bytes, without copying them.</summary>
    [Benchmark(Baseline = true)]
    public byte[]? Dictionary_of_bytes() => _subjects.ByteDictionary.TryGetValue(Next(), out var value) ? value : null;

    /// <summary>Reads bytes, which are copied out.</summary>
    [Benchmark]
    public byte[]? KafkaCache_Get_bytes() => _subjects.Bytes.Get(Next());

    /// <summary>Reads bytes, which are copied out, with partition, offset and timestamp.</summary>
    [Benchmark]
    public bool KafkaCache_TryGetEntry_bytes() => _subjects.Bytes.TryGetEntry(Next(), out _);

    /// <summary>Reads a dictionary's instances.</summary>
    [Benchmark]
    public object? Dictionary_of_users() => _subjects.UserDictionary.TryGetValue(Next(), out var value) ? value : null;

    /// <summary>Reads a decoded instance, from the table of decoded instances if it is still there, or by decoding it.</summary>
    [Benchmark]
    public object? KafkaCache_Get_user() => _subjects.Users.Get(Next());

    private string Next()
    {
        var next = _next + 1;
        _next = next = next < _keys.Length ? next : 0;
        return _keys[next];
    }
}
