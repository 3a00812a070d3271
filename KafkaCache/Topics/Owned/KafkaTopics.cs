using KafkaCaching.Clients;
using KafkaCaching.Diagnostics;
using KafkaCaching.Topics.Owned;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace KafkaCaching;

/// <summary>Creates and checks topics that belong to an application, before caches are opened on them.</summary>
public static class KafkaTopics
{
    /// <summary>Creates the topic if it is missing, waits until the brokers know it, and checks that it meets the requirements. Several
    /// processes may do this at the same time: one of them creates the topic, and the others find it.</summary>
    /// <param name="topic">The requirements for the topic.</param>
    /// <param name="options">How to reach the brokers.</param>
    /// <param name="loggerFactory">Creates the logger of the category <c>KafkaCache.Topics</c>. Default: nothing is logged.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The topic as it was found or created.</returns>
    /// <exception cref="OptionsValidationException">The requirements or the options have faults. The exception names all of
    /// them.</exception>
    /// <exception cref="TopicRequirementsException">The topic can't be used as it is. The exception names every fault, with the command
    /// that corrects it. Trying again does not help until the faults have been corrected.</exception>
    /// <exception cref="TimeoutException">The brokers gave no usable answer within <see cref="EnsureTopicOptions.Timeout"/>. Trying again
    /// may help.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled.</exception>
    /// <remarks>The method is safe to call from any thread.</remarks>
    public static async Task<EnsuredTopic> EnsureAsync(
        TopicRequirements topic, EnsureTopicOptions options, ILoggerFactory? loggerFactory = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(topic);
        ArgumentNullException.ThrowIfNull(options);
        var logger = GuardedLogger.Of(loggerFactory, "KafkaCache.Topics");
        var clients = Open(topic, options);
        try
        {
            clients.LogTo(logger);
            return await RunAsync(topic, options, clients, logger, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            // Closing the client takes some time, and the current thread might have to stay responsive.
            await Task.Run(clients.Dispose, CancellationToken.None).ConfigureAwait(false);
        }
    }

    private static KafkaClients Open(TopicRequirements topic, EnsureTopicOptions options)
    {
        List<string> faults = [.. RequirementFaults.Of(topic), .. RequirementFaults.Of(options)];
        var clients = faults.Count > 0
            ? null
            : KafkaClients.OpenAdmin(
                ClientConfigs.OfAdmin(options.BootstrapServers, options.Client), topic.Name, options.TimeProvider,
                refuse: reason => faults.Add(
                    $"Client: the Kafka client refuses these settings together: {reason}. Correct them; librdkafka's CONFIGURATION.md "
                    + "describes each."));
        return clients ?? throw new OptionsValidationException(topic.Name ?? "", typeof(EnsureTopicOptions), faults);
    }

    private static async Task<EnsuredTopic> RunAsync(
        TopicRequirements topic, EnsureTopicOptions options, KafkaClients clients, ILogger logger, CancellationToken cancellationToken)
    {
        using var deadline = new CancellationTokenSource(options.Timeout, options.TimeProvider);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);
        using var ensuring = new TopicEnsuring(topic, options, clients, logger);
        try
        {
            return await ensuring.RunAsync(stop.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException ended) when (deadline.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException(
                $"The brokers gave no usable answer about topic '{topic.Name}' within {options.Timeout}. {ensuring.LastProblem} "
                + clients.LastProblem,
                ended);
        }
    }
}
