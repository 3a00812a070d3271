using Confluent.Kafka;
using KafkaCaching.Jobs.Diagnostics;
using Microsoft.Extensions.Logging;

namespace KafkaCaching.Jobs.Tables;

/// <summary>A topic of this package's: made or checked at the start. One that is not as it must be stops the start. Brokers that don't
/// answer within a few seconds don't; they are asked until they do.</summary>
internal sealed class TableTopic(
    string owner, TopicRequirements required, string? servers, ClientConfig? client, bool create, TimeProvider time, ILoggerFactory loggers,
    ILogger logger)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);

    /// <summary>Asks once.</summary>
    /// <returns>Whether the topic is there and as it must be; <see langword="false"/> if the brokers don't answer.</returns>
    /// <exception cref="TopicRequirementsException">The topic can't be used as it is.</exception>
    public async Task<bool> TryEnsureAsync(CancellationToken stop)
    {
        try
        {
            await KafkaTopics.EnsureAsync(
                required,
                new EnsureTopicOptions
                {
                    BootstrapServers = servers, Client = client, Create = create, Timeout = Patience, TimeProvider = time,
                },
                loggers, stop).ConfigureAwait(false);
            return true;
        }
        catch (TimeoutException unanswered)
        {
            Log.TopicUnanswered(logger, owner, unanswered.Message);
            return false;
        }
    }

    /// <summary>Asks until the brokers answer.</summary>
    public async Task EnsureAsync(CancellationToken stop)
    {
        try
        {
            while (!await TryEnsureAsync(stop).ConfigureAwait(false))
                await Task.Delay(Pause, time, stop).ConfigureAwait(false);
        }
        catch (TopicRequirementsException unfit)
        {
            Log.TopicUnfit(logger, owner, unfit.Message);
        }
    }
}
