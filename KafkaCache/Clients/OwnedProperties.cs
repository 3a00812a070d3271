namespace KafkaCaching.Clients;

/// <summary>The properties that only the library may set, because its guarantees depend on them.</summary>
internal static class OwnedProperties
{
    private static readonly Dictionary<string, string> Reasons = new(StringComparer.Ordinal)
    {
        ["auto.offset.reset"] = "the cache sets it to error, because a reset would silently skip records or apply them again",
        ["enable.partition.eof"] = "the cache sets it to true, because the ends of the partitions show when the cache is ready",
        ["enable.auto.commit"] = "the cache sets it to false, because with committed offsets it would start without older records",
        ["isolation.level"] = "the cache sets it to read_committed, because records of aborted transactions must not be served",
        ["acks"] = "the cache sets it to all, because an acknowledged put must survive the loss of the leader",
        ["enable.idempotence"] = "the cache sets it to true, because a retry must not write a record twice or out of order",
        ["message.timeout.ms"] = "the cache sets it to the option PutTimeout, which can be set instead",
        ["transactional.id"] = "the cache's puts are not transactions",
        ["delivery.report.only.error"] = "every put waits for its delivery report",
        ["dotnet.producer.enable.delivery.reports"] = "every put waits for its delivery report",
        ["dotnet.producer.delivery.report.fields"] = "the cache asks for the fields that it needs",
        ["dotnet.producer.enable.background.poll"] = "without the background poll, no put would ever be settled",
        ["dotnet.consumer.consume.result.fields"] = "the cache asks for the fields that it needs",
        ["statistics.interval.ms"] = "the cache needs the consumer's statistics to distinguish a slow broker from a silent one",
        ["log.queue"] = "the log of every client goes to the logger",
    };

    /// <summary>Returns the faults in one of the options <c>Client</c>, <c>Consumer</c> and <c>Producer</c>. A fault never quotes a value,
    /// because it may be a secret.</summary>
    public static IEnumerable<string> Faults(string option, IEnumerable<KeyValuePair<string, string>>? properties)
    {
        foreach ((var name, var value) in properties ?? [])
        {
            if (Reasons.TryGetValue(KafkaProperties.Canonical(name), out var reason))
                yield return $"{option}: {name} belongs to the cache; {reason}. Remove it.";
            else if (value is null)
                yield return $"{option}: {name} is null. Give it a value or remove it.";
        }
    }
}
