using KafkaCaching.Tests.Histories.Model;

namespace KafkaCaching.Tests.Histories;

/// <summary>The constants of a history: the options of its caches, and what may happen to its topic.</summary>
internal sealed record HistoryRules
{
    public const int OversizeBytes = 9_000;

    public RecordErrorPolicy Policy { get; init; }

    public bool Resolves { get; init; }

    public bool DecodesOnReplay { get; init; }

    public bool ReusesInstances { get; init; }

    public bool ReadsBeforeReady { get; init; }

    public bool ReadsWhenStale { get; init; }

    public bool Spills { get; init; }

    /// <summary>Whether the log is cleaned. With <c>Skip</c>, a bad record keeps the previous entry, but the cleaner removes the previous
    /// record, so a cold cache would differ from a warm one.</summary>
    public bool Cleans { get; init; }

    /// <summary>How long the cleaner keeps a tombstone after it has first found it.</summary>
    public TimeSpan DeleteRetention { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>Whether a fetch identifies the topic by its ID. A fetch by name continues in a new topic of the same name, at the position
    /// in the old one.</summary>
    public bool FetchesByTopicId { get; init; }

    /// <summary>Whether the brokers refuse records without a key, as for a compacted topic.</summary>
    public bool RefusesNullKeys { get; init; }

    public bool HasPoison { get; init; }

    public int Partitions { get; init; } = 1;

    /// <summary>Whether records are decoded during the replay, so that an undecodable record is an error there and not in its
    /// Get.</summary>
    public bool Decodes => DecodesOnReplay || Resolves || Policy != RecordErrorPolicy.Fail;

    public static HistoryRules Random(Random random)
    {
        var policy = (RecordErrorPolicy)random.Next(3);
        return new HistoryRules
        {
            Policy = policy,
            Resolves = random.Next(3) == 0,
            DecodesOnReplay = random.Next(2) == 0,
            ReusesInstances = random.Next(2) == 0,
            ReadsBeforeReady = random.Next(4) == 0,
            ReadsWhenStale = random.Next(4) != 0,
            Spills = random.Next(25) == 0,
            Cleans = policy != RecordErrorPolicy.Skip && random.Next(3) != 0,
            DeleteRetention = TimeSpan.FromSeconds(random.Next(55, 75)),
            FetchesByTopicId = random.Next(2) == 0,
            HasPoison = policy != RecordErrorPolicy.Fail ? random.Next(4) != 0 : random.Next(8) == 0,
            Partitions = random.Next(1, 4),
        };
    }

    /// <summary>Whether a record is an error for a cache with these options.</summary>
    public bool Refuses(ModelRecord record) => record.Flaw switch
    {
        Flaw.None => false,
        Flaw.ResolverThrows => Resolves,
        Flaw.BadKey or Flaw.BadValue => Decodes,
        _ => true,
    };

    public KafkaCacheOptions<string, string> Options() => new()
    {
        BootstrapServers = "localhost:1",
        Topic = "history",
        OnRecordError = Policy,
        Decode = DecodesOnReplay ? DecodeMode.OnReplay : DecodeMode.OnRead,
        ReuseInstances = ReusesInstances,
        Resolver = Resolves ? Resolve : null,
    };

    /// <summary>Yields the keys of one to three entries, depending on the value.</summary>
    public static IEnumerable<string> Yields(string key, string value) =>
        Enumerable.Range(0, 1 + (value.Length % 3)).Select(i => i == 0 ? key : $"{key}/{i}");

    private static void Resolve(in CacheRecord record, ICacheUpdates<string, string> updates)
    {
        var value = record.ReadValue<string>();
        if (value.StartsWith('!'))
            throw new InvalidOperationException("The history wants it so.");
        foreach (var key in Yields(record.ReadKey<string>(), value))
            updates.Set(key, value);
    }
}
