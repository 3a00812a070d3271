namespace KafkaCaching.Benchmarks.Reading;

/// <summary>Iterates over the keys in an endless loop, slice by slice.</summary>
internal sealed class KeyWalk(string[] keys, int start)
{
    private const int Slice = 256;

    private int _next = start;

    public ReadOnlySpan<string> Next()
    {
        var slice = keys.AsSpan(_next, Math.Min(Slice, keys.Length - _next));
        _next = (_next + slice.Length) % keys.Length;
        return slice;
    }
}
