using Confluent.Kafka;
using Confluent.SchemaRegistry;

namespace KafkaCaching.EntityFrameworkCore.Debezium;

/// <summary>The options for reading Debezium's change records.</summary>
public sealed class DebeziumRelayOptions : ChangeRelayOptions
{
    private const int MaxPatternLength = 200;

    internal DebeziumRelayOptions(string topics) => Topics = topics;

    /// <summary>The topics of the tables, as in <c>pg.public.*</c>; an asterisk matches any characters. Range: 1 to 200
    /// characters.</summary>
    public string Topics { get; }

    /// <summary>The brokers of the cluster that has the topics. Default: <see langword="null"/>, which means the brokers of the
    /// cache.</summary>
    public string? BootstrapServers { get; set; }

    /// <summary>Settings for the clients that read the topics, such as SASL and TLS. Default: <see langword="null"/>, which means the same
    /// as for the cache.</summary>
    public ClientConfig? Client { get; set; }

    /// <summary>The schema registry, if the records are Avro. Default: <see langword="null"/>, which means that the records are
    /// JSON.</summary>
    public SchemaRegistryConfig? SchemaRegistry { get; set; }

    /// <summary>Returns the name of the model's table for a table name in the records, for example the name of a partitioned table for that
    /// of a partition. Default: a function that returns the name unchanged.</summary>
    public Func<string, string> TableOf { get; set; } = static table => table;

    /// <summary>The interval between searches for new topics. Range: 1 second to 1 hour. Default: 10 seconds.</summary>
    public TimeSpan TopicInterval { get; set; } = TimeSpan.FromSeconds(10);

    /// <inheritdoc/>
    protected override IEnumerable<string> Faults()
    {
        foreach (var fault in base.Faults())
            yield return fault;
        if (string.IsNullOrWhiteSpace(Topics) || Topics.Length > MaxPatternLength || Topics.Any(char.IsControl))
            yield return $"Topics is missing, too long or has control characters. Set it to 1 to {MaxPatternLength} characters.";
        if (TableOf is null)
            yield return "TableOf is null. Leave it out, or set it to a function.";
        if (TopicInterval < TimeSpan.FromSeconds(1) || TopicInterval > TimeSpan.FromHours(1))
            yield return $"TopicInterval is {TopicInterval}. Set it to a value from 1 second to 1 hour.";
    }
}
