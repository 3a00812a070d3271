namespace KafkaCaching.Benchmarks.Reading;

/// <summary>Walks round and round over the keys to read, slice by slice.</summary>
internal sealed class KeyWalk(string[] keys, int start)
{
    private const int HotKeys = 256;
    private const int Slice = 1024;

    private int _next = start / Slice * Slice;

    /// <summary>256 keys, which fit the processor's caches, in one slice four times over.</summary>
    public static string[] Hot(int entries, Random random)
    {
        string[] keys = [.. Enumerable.Range(0, HotKeys).Select(_ => Workload.Key(random.Next(entries)))];
        return [.. keys, .. keys, .. keys, .. keys];
    }

    /// <summary>All keys, but not the very strings that a dictionary holds, nor in the order of the writes.</summary>
    public static string[] All(int entries, Random random)
    {
        string[] keys = [.. Enumerable.Range(0, entries).Select(Workload.Key)];
        random.Shuffle(keys);
        return keys;
    }

    public ReadOnlySpan<string> Next()
    {
        var slice = keys.AsSpan(_next, Math.Min(Slice, keys.Length - _next));
        _next = (_next + slice.Length) % keys.Length;
        return slice;
    }
}
