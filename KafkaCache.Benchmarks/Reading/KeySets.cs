namespace KafkaCaching.Benchmarks.Reading;

/// <summary>The keys that are read, by name. They are the same for every contender.</summary>
internal static class KeySets
{
    /// <summary>The set of 256 keys, which fit into the processor's caches.</summary>
    public const string Hot = "hot";

    /// <summary>The set of all keys. They are new string instances, not those that a dictionary holds, and not in the order of the
    /// writes.</summary>
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
