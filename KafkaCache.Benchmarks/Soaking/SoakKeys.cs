using System.Globalization;

namespace KafkaCaching.Benchmarks.Soaking;

/// <summary>The keys of a topic, by number. When partitions are added, new keys (another layout) are used: the partitioner may now choose
/// another partition for an old key, and the records of a key in two partitions have no order.</summary>
internal static class SoakKeys
{
    public const int Writers = 2;
    public const int OwnPerWriter = 5_000;

    /// <summary>From this number on, several writers write the same key.</summary>
    public const int FirstShared = Writers * OwnPerWriter;

    /// <summary>The number of keys that are overwritten again and again. They have the lowest numbers.</summary>
    public const int Churned = 50_000;

    /// <summary>The number of shared keys that are written and read far more often than the rest.</summary>
    public const int Hot = 100;

    /// <summary>The number of keys that are written only once, while a topic grows.</summary>
    public const int WrittenOnce = 5_000;
    public const int Marker = Churned + WrittenOnce;
    public const int Count = Marker + 1;

    public static string[] Of(int layout) =>
        [.. Enumerable.Range(0, Count).Select(number => string.Create(CultureInfo.InvariantCulture, $"{layout}-{number:D5}"))];

    public static int NextShared(Random random) =>
        random.Next(4) == 0 ? FirstShared + random.Next(Hot) : random.Next(FirstShared, Churned);

    public static int NextRead(Random random) =>
        random.Next(2) == 0 ? FirstShared + random.Next(Hot) : random.Next(Count);
}
