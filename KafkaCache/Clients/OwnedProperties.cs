namespace KafkaCaching.Clients;

/// <summary>The properties that only the library may set, because its guarantees depend on them.</summary>
internal static class OwnedProperties
{
    private static readonly Dictionary<string, string> Reasons = new(StringComparer.Ordinal)
    {
        ["auto.offset.reset"] = "it is error: a reset would pass over records, or apply them again, unseen",
        ["enable.partition.eof"] = "it is true: the end of a partition is how the cache knows that it is ready",
        ["enable.auto.commit"] = "it is false: a cache that trusted a committed offset would start without the records before it",
        ["isolation.level"] = "it is read_committed: records of aborted transactions must not be served",
        ["acks"] = "it is all: an acknowledged put must outlive the leader",
        ["enable.idempotence"] = "it is true: a retry must not write a record twice or out of order",
        ["message.timeout.ms"] = "it is the option PutTimeout: set that instead",
        ["transactional.id"] = "the cache's puts are not transactions",
        ["delivery.report.only.error"] = "every put waits for its delivery report",
        ["dotnet.producer.enable.delivery.reports"] = "every put waits for its delivery report",
        ["dotnet.producer.delivery.report.fields"] = "the cache asks for the fields that it needs",
        ["dotnet.producer.enable.background.poll"] = "without it no put would ever be settled",
        ["dotnet.consumer.consume.result.fields"] = "the cache asks for the fields that it needs",
        ["statistics.interval.ms"] = "the cache needs the consumer's statistics to distinguish a slow broker from a silent one",
        ["log.queue"] = "the log of every client goes to the logger",
    };

    /// <summary>The faults of one of the options <c>Client</c>, <c>Consumer</c> and <c>Producer</c>. They never quote values, which may be
    /// secrets.</summary>
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
