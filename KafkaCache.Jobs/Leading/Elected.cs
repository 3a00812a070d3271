using System.Diagnostics.Metrics;
using Confluent.Kafka;
using KafkaCaching.Leadership;

namespace KafkaCaching.Jobs.Leading;

/// <summary>What refreshed caches and jobs do alike with the options of their elections.</summary>
internal static class Elected
{
    /// <param name="options">The options.</param>
    /// <param name="name">What is led.</param>
    /// <param name="time">The clock.</param>
    /// <param name="meters">Makes the meter.</param>
    public static LeadershipOptions Election(this IElectedOptions options, string name, TimeProvider time, IMeterFactory? meters) => new()
    {
        BootstrapServers = options.BootstrapServers,
        Client = options.Client,
        Name = name,
        Topic = options.ElectionTopic,
        CreateTopic = options.CreateTopic,
        ReplicationFactor = options.ReplicationFactor,
        SessionTimeout = options.SessionTimeout,
        TimeProvider = time,
        MeterFactory = meters,
    };

    /// <summary>What is wrong with the options of the election.</summary>
    public static IEnumerable<string> FaultsOfElection(this IElectedOptions options) =>
        ElectionFaults.Of(options.SessionTimeout, options.ReplicationFactor);

    /// <summary>Takes what all caches of the container have in common for their clients, where the options say nothing of their
    /// own.</summary>
    public static void TakeDefaults(this IElectedOptions options, string? bootstrapServers, ClientConfig? client)
    {
        options.BootstrapServers ??= bootstrapServers;
        options.Client ??= client;
    }
}
