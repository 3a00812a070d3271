using Confluent.Kafka;
using KafkaCaching.Jobs.Diagnostics;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace KafkaCaching.Jobs.Tables;

/// <summary>A topic of this package, which is created or checked when the host starts. The start fails if the topic does not meet the
/// requirements. If the brokers don't answer within a few seconds, the start continues, and the check is repeated in the background until
/// they answer.</summary>
internal sealed class TableTopic(
    string owner, TopicRequirements required, string? servers, ClientConfig? client, bool create, TimeProvider time, ILoggerFactory loggers,
    ILogger logger)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);

    /// <summary>Tries once to create or check the topic.</summary>
    /// <returns>Whether the topic exists and meets its requirements; <see langword="false"/> if the brokers don't answer.</returns>
    /// <exception cref="TopicRequirementsException">The topic exists but can't be used as it is.</exception>
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

    /// <summary>Tries to create or check the topic until the brokers answer.</summary>
    public async Task EnsureAsync(CancellationToken stop)
    {
        try
        {
            while (!await TryAgainAsync(stop).ConfigureAwait(false))
                await Task.Delay(Pause, time, stop).ConfigureAwait(false);
        }
        catch (TopicRequirementsException unfit)
        {
            Log.TopicUnfit(logger, owner, unfit.Message);
        }
    }

    // The client's settings were accepted at the start, but it also needs files, such as certificates, which may be missing for a while.
    private async Task<bool> TryAgainAsync(CancellationToken stop)
    {
        try
        {
            return await TryEnsureAsync(stop).ConfigureAwait(false);
        }
        catch (OptionsValidationException refused)
        {
            Log.TopicUnanswered(logger, owner, refused.Message);
            return false;
        }
    }
}
