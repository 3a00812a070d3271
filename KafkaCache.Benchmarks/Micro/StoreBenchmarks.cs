using System.Text;
using BenchmarkDotNet.Attributes;
using FASTER.core;
using KafkaCaching.Benchmarks.Contenders;
using KafkaCaching.Store;
using KafkaCaching.Store.Entries;
using KafkaCaching.Store.Faster;
using KafkaCaching.Store.Spill;

namespace KafkaCaching.Benchmarks.Micro;

/// <summary>Measures the apply path without Kafka: a million entries are written to a new store, and then again over the existing ones. The
/// baseline is FASTER alone.</summary>
public class StoreBenchmarks
{
    private const int Entries = 1_000_000;

    private byte[][] _keys = null!;
    private byte[][] _values = null!;
    private FasterStateStore _full = null!;

    /// <summary>Creates the keys and values.</summary>
    [GlobalSetup]
    public void SetUp()
    {
        _keys = [.. Enumerable.Range(0, Entries).Select(static number => Encoding.UTF8.GetBytes(Workload.Key(number)))];
        _values = [.. Enumerable.Range(0, Entries).Select(Workload.Value)];
        _full = NewStore();
        Set(_full);
    }

    /// <summary>Writes to FASTER alone: the key and value bytes, without metadata or a count.</summary>
    [Benchmark(Baseline = true, OperationsPerInvoke = Entries)]
    public long FASTER_insert()
    {
        using var faster = new RawFaster(Entries, ConcurrencyControlMode.None);
        var session = faster.NewSession();
        for (var number = 0; number < Entries; number++)
            session.Upsert(_keys[number], _values[number]);
        return faster.MemoryBytes;
    }

    /// <summary>Writes to a new store.</summary>
    [Benchmark(OperationsPerInvoke = Entries)]
    public long Store_insert()
    {
        var store = NewStore();
        Set(store);
        var count = store.Count;
        store.Dispose();
        return count;
    }

    /// <summary>Writes over the existing entries, in place.</summary>
    [Benchmark(OperationsPerInvoke = Entries)]
    public long Store_update()
    {
        Set(_full);
        return _full.Count;
    }

    private static FasterStateStore NewStore() =>
        new(new StoreSettings(MemoryBudget: 1L << 30, SpillDirectory: null, Entries, "benchmark"));

    private void Set(FasterStateStore store)
    {
        for (var number = 0; number < Entries; number++)
            store.Set(_keys[number], new EntryMetadata(0, number, TimestampMs: 1), _values[number]);
    }
}
