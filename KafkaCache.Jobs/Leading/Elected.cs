using System.Diagnostics.Metrics;
using Confluent.Kafka;
using KafkaCaching.Leadership;

namespace KafkaCaching.Jobs.Leading;

/// <summary>Handles the election options that refreshed caches and jobs share.</summary>
internal static class Elected
{
    /// <param name="options">The options.</param>
    /// <param name="name">The name of the election.</param>
    /// <param name="time">The clock.</param>
    /// <param name="meters">Creates the meter.</param>
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

    /// <summary>The faults of the election's options.</summary>
    public static IEnumerable<string> FaultsOfElection(this IElectedOptions options) =>
        ElectionFaults.Of(options.SessionTimeout, options.ReplicationFactor);

    /// <summary>Applies the client settings that all caches of the container share, unless the options have their own.</summary>
    public static void TakeDefaults(this IElectedOptions options, string? bootstrapServers, ClientConfig? client)
    {
        options.BootstrapServers ??= bootstrapServers;
        options.Client ??= client;
    }
}
