namespace KafkaCaching.Benchmarks.Reading;

/// <summary>The keys that are read, by name: the same for every contender.</summary>
internal static class KeySets
{
    /// <summary>256 keys, which fit the processor's caches.</summary>
    public const string Hot = "hot";

    /// <summary>All keys, but not the very strings that a dictionary holds, nor in the order of the writes.</summary>
    public const string Random = "random";

    private const int HotKeys = 256;
    private const int Seed = 20_251;

    public static IReadOnlyList<string> Names { get; } = [Hot, Random];

    public static Dictionary<string, string[]> Of(int entries)
    {
        var random = new Random(Seed);
        string[] hot = [.. Enumerable.Range(0, HotKeys).Select(_ => Workload.Key(random.Next(entries)))];
        string[] all = [.. Enumerable.Range(0, entries).Select(Workload.Key)];
        random.Shuffle(all);
        return new(StringComparer.Ordinal) { [Hot] = hot, [Random] = all };
    }
}
