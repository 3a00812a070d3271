using System.Text;
using KafkaCaching.Clients;
using KafkaCaching.Replay.Applying;
using KafkaCaching.Store.Memory;
using KafkaCaching.Topics;

namespace KafkaCaching.Options;

/// <summary>Checks everything about the options that can be checked without contacting a broker. Each fault names the option and says what
/// is wrong and what to change.</summary>
internal static class OptionsValidation
{
    private const int MaxNameLength = 249;
    private const int MaxKeptHeaders = 100;
    private const int MaxPrefixes = 100;
    private const int MaxHeaderNameLength = 1000;

    public static IReadOnlyList<string> Validate<TKey, TValue>(KafkaCacheOptions<TKey, TValue> options)
        where TKey : notnull =>
    [
        .. options.Log is null ? Servers(options) : [],
        .. Which(options),
        .. EncodingFaults.Of(options),
        .. Enums(options),
        .. Times(options),
        .. EntryFaults(options),
        .. IndexFaults(options.Indexes),
        .. StoreFaults(options.Store),
        .. EvictionFaults(options),
        .. SnapshotFaults.Of(options.Snapshot),
        .. options.Log is null ? KafkaFaults(options) : [],
    ];

    private static IEnumerable<string> KafkaFaults<TKey, TValue>(KafkaCacheOptions<TKey, TValue> options)
        where TKey : notnull =>
    [
        .. OwnedProperties.Faults("Client", options.Client),
        .. OwnedProperties.Faults("Consumer", options.Consumer),
        .. OwnedProperties.Faults("Producer", options.Producer),
        .. PropertyCheck.Faults("Client", options.Client),
        .. PropertyCheck.Faults("Consumer", options.Consumer),
        .. PropertyCheck.Faults("Producer", options.Producer),
    ];

    private static IEnumerable<string> Servers<TKey, TValue>(KafkaCacheOptions<TKey, TValue> options)
        where TKey : notnull
    {
        var protocol = ClientProtocol.In(options.Client);
        (string Option, string? Servers, string? Protocol)[] given =
        [
            ("BootstrapServers", options.BootstrapServers, protocol),
            ("Client.BootstrapServers", BootstrapServers.In(options.Client), protocol),
            ("Consumer.BootstrapServers", BootstrapServers.In(options.Consumer), ClientProtocol.In(options.Consumer) ?? protocol),
            ("Producer.BootstrapServers", BootstrapServers.In(options.Producer), ClientProtocol.In(options.Producer) ?? protocol),
        ];
        if (given[..2].All(servers => string.IsNullOrWhiteSpace(servers.Servers)))
            yield return "BootstrapServers is missing, so there is no broker to ask. Set it, or Client.BootstrapServers, to host:port, as "
                + "in localhost:9092.";
        foreach ((var option, var servers, var spoken) in given)
        {
            if (!string.IsNullOrWhiteSpace(servers) && BootstrapServers.Fault(servers, spoken ?? ClientProtocol.Default) is { } fault)
                yield return $"{option}: {fault}";
        }
    }

    private static IEnumerable<string> Which<TKey, TValue>(KafkaCacheOptions<TKey, TValue> options)
        where TKey : notnull
    {
        if (string.IsNullOrEmpty(options.Topic))
            yield return "Topic is missing, so there is nothing to cache. Set it to the topic's name.";
        else if (!TopicNames.IsLegal(options.Topic))
            yield return $"Topic is not a name that Kafka allows. {TopicNames.Rule}";

        if (options.Name is { } name
            && (string.IsNullOrWhiteSpace(name) || name.Length > MaxNameLength
                || name.Any(char.IsControl) || name.EnumerateRunes().Contains(Rune.ReplacementChar)))
            yield return "Name is empty, too long, or has control characters or unpaired surrogates. Set it to 1 to 249 characters, or "
                + "leave it out to use the topic.";
    }

    private static IEnumerable<string> Enums<TKey, TValue>(KafkaCacheOptions<TKey, TValue> options)
        where TKey : notnull
    {
        if (!Enum.IsDefined(options.Decode))
            yield return $"Decode is {(int)options.Decode}, which is not a DecodeMode. Set it to OnRead or OnReplay.";
        if (!Enum.IsDefined(options.OnRecordError))
            yield return $"OnRecordError is {(int)options.OnRecordError}, which is not a RecordErrorPolicy. "
                + "Set it to Fail, Skip or Quarantine.";
    }

    private static IEnumerable<string> Times<TKey, TValue>(KafkaCacheOptions<TKey, TValue> options)
        where TKey : notnull
    {
        TimeSpan aDay = TimeSpan.FromDays(1);
        if (options.ReadyTimeout != Timeout.InfiniteTimeSpan && (options.ReadyTimeout <= TimeSpan.Zero || options.ReadyTimeout > aDay))
            yield return $"ReadyTimeout is {options.ReadyTimeout}. Set it to more than 0 and at most 1 day, or to "
                + "Timeout.InfiniteTimeSpan.";
        if (options.StaleAfter < TimeSpan.FromSeconds(1) || options.StaleAfter > aDay)
            yield return $"StaleAfter is {options.StaleAfter}. Set it to a value from 1 second to 1 day.";
        if (options.PutTimeout < TimeSpan.FromMilliseconds(100) || options.PutTimeout > aDay)
            yield return $"PutTimeout is {options.PutTimeout}. Set it to a value from 100 ms to 1 day.";
        if (options.ApplyTimeout < TimeSpan.FromMilliseconds(1) || options.ApplyTimeout > aDay)
            yield return $"ApplyTimeout is {options.ApplyTimeout}. Set it to a value from 1 ms to 1 day.";
        if (options.TimeProvider is null)
            yield return "TimeProvider is null. Leave it out to use TimeProvider.System.";
    }

    private static IEnumerable<string> EntryFaults<TKey, TValue>(KafkaCacheOptions<TKey, TValue> options)
        where TKey : notnull
    {
        if (options.TimeToLive is { } time && !ExpiryRule.IsInRange(time))
            yield return $"TimeToLive is {time}. Set it to a value from 1 second to 10,000 days, or leave it out so that entries don't "
                + "expire.";
        if (options.Expires && options.Resolver is not null)
            yield return "TimeToLive or ExpireByHeader is set together with Resolver: an entry that a resolver yields has no record's time "
                + "to live. Leave one of them out.";
        if (options.Expires && options.ValidateMutation is not null)
            yield return "TimeToLive or ExpireByHeader is set together with ValidateMutation, which would judge by an entry that one "
                + "process has swept and another has not. Leave one of them out.";
        if (options.KeepHeaders is null || options.KeepHeaders.Count > MaxKeptHeaders
            || options.KeepHeaders.Any(static name => name is not { Length: > 0 and <= MaxHeaderNameLength }))
            yield return $"KeepHeaders is null, has more than {MaxKeptHeaders} names, or one that is empty or too long. Set it to names "
                + $"of 1 to {MaxHeaderNameLength} characters, or leave it out.";
        else if (options.KeepHeaders.Distinct(StringComparer.Ordinal).Count() < options.KeepHeaders.Count)
            yield return "KeepHeaders has a name twice. Name each header once.";
        else if (options.KeepHeaders.Count > 0 && options.Resolver is not null)
            yield return "KeepHeaders is set together with Resolver: an entry that a resolver yields has no headers. Leave one of them "
                + "out.";
    }

    private static IEnumerable<string> IndexFaults<TValue>(CacheIndexes<TValue>? indexes)
    {
        if (indexes is null)
        {
            yield return "Indexes is null. Leave it out to have none.";
            yield break;
        }

        if (indexes.All.Any(static index => string.IsNullOrWhiteSpace(index.Name) || index.Name.Length > MaxNameLength))
            yield return "An index has an empty name, or one that is too long. Give each index a name of 1 to 249 characters.";
        foreach (var same in indexes.All.GroupBy(static index => index.Name, StringComparer.Ordinal).Where(static same => same.Count() > 1))
            yield return $"Indexes has {same.Count()} indexes with the name '{same.Key}'. Give each its own name.";
    }

    private static IEnumerable<string> StoreFaults(StoreOptions? store)
    {
        if (store is null)
        {
            yield return "Store is null. Leave it out to use the defaults.";
            yield break;
        }

        if (store.MemoryBudget is < 16L << 20 or > 1L << 40)
            yield return $"Store.MemoryBudget is {store.MemoryBudget} bytes. Set it to a value from 16 MiB ({16L << 20}) to 1 TiB "
                + $"({1L << 40}).";
        else if (MaxEntryBytesFault(store) is { } fault)
            yield return fault;
        if (store.SpillDirectory is not { } directory)
            yield break;
        if (string.IsNullOrWhiteSpace(directory) || directory.AsSpan().ContainsAny(Path.GetInvalidPathChars()))
            yield return "Store.SpillDirectory is empty or has characters that no path may have. Set it to a directory, or to null for "
                + "memory only.";
        else if (File.Exists(directory))
            yield return $"Store.SpillDirectory '{directory}' is a file. Set it to a directory; a missing one is created.";
    }

    private static IEnumerable<string> EvictionFaults<TKey, TValue>(KafkaCacheOptions<TKey, TValue> options)
        where TKey : notnull
    {
        if (options.Store is not { } store)
            yield break;
        if (!Enum.IsDefined(store.WhenFull))
            yield return $"Store.WhenFull is {(int)store.WhenFull}, which is not a StoreFullPolicy. Set it to Fault or Evict.";
        if (store.NeverEvictPrefixes is null || store.NeverEvictPrefixes.Count > MaxPrefixes
            || store.NeverEvictPrefixes.Any(static prefix => prefix.IsEmpty))
            yield return $"Store.NeverEvictPrefixes is null, has more than {MaxPrefixes} prefixes, or an empty one. Set it to the first "
                + "bytes of the keys, or leave it out.";
        if (store.WhenFull != StoreFullPolicy.Evict)
            yield break;
        if (store.SpillDirectory is not null)
            yield return "Store.WhenFull is Evict together with Store.SpillDirectory: a store that spills is never full. Leave one of them "
                + "out.";
        if (options.Resolver is not null || options.ValidateMutation is not null)
            yield return "Store.WhenFull is Evict together with Resolver or ValidateMutation, which would judge by an entry that one "
                + "process has evicted and another has not. Set it to Fault.";
        if (options.Indexes is { } indexes && (indexes.All.Count > 0 || indexes.OrderKeys))
            yield return "Store.WhenFull is Evict together with Indexes, which would find only a part of the topic. Set it to Fault.";
    }

    private static string? MaxEntryBytesFault(StoreOptions store)
    {
        if (store.MaxEntryBytes is < 1L << 10 or > 256L << 20)
            return $"Store.MaxEntryBytes is {store.MaxEntryBytes} bytes. Set it to a value from 1 KiB ({1L << 10}) to 256 MiB "
                + $"({256L << 20}).";
        var least = StoreGeometry.MinBudgetPages * StoreGeometry.PageBytesFor(store.MemoryBudget, store.MaxEntryBytes);
        return store.MemoryBudget >= least
            ? null
            : $"Store.MaxEntryBytes is {store.MaxEntryBytes} bytes, which needs a Store.MemoryBudget of at least {least} bytes; it is "
                + $"{store.MemoryBudget}. Raise Store.MemoryBudget, or set Store.MaxEntryBytes lower.";
    }
}
