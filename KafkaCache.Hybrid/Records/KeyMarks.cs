namespace KafkaCaching.Hybrid.Records;

/// <summary>Caches the keys of the marks of entries that are read often, so that a hit allocates no string. Each key has one slot in a
/// table. Several keys may share a slot, which holds the key that was looked up last. A slot is replaced with a single reference write, so
/// concurrent readers never get the mark of another key.</summary>
internal sealed class KeyMarks
{
    private const int Places = 1 << 14;

    private readonly Pair?[] _pairs = new Pair?[Places];

    public string Of(string key)
    {
        ref var place = ref _pairs[StringComparer.Ordinal.GetHashCode(key) & (Places - 1)];
        var pair = Volatile.Read(ref place);
        return pair is not null && string.Equals(pair.Key, key) ? pair.Mark : Remember(ref place, key);
    }

    private static string Remember(ref Pair? place, string key)
    {
        var pair = new Pair(key, RecordKeys.MarkOfKey(key));
        Volatile.Write(ref place, pair);
        return pair.Mark;
    }

    private sealed record Pair(string Key, string Mark);
}
