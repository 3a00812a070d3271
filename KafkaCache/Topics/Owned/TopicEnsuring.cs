using Confluent.Kafka;
using Confluent.Kafka.Admin;
using KafkaCaching.Clients;
using KafkaCaching.Diagnostics;
using KafkaCaching.Waiting;
using Microsoft.Extensions.Logging;

namespace KafkaCaching.Topics.Owned;

/// <summary>One attempt to ensure that a topic exists and meets its requirements: the topic is described, created if it is missing, and
/// checked. The attempt continues until the brokers have answered or its token is cancelled.</summary>
internal sealed class TopicEnsuring : IDisposable
{
    // The controller announces a new topic to the brokers within milliseconds, so this pause is noticeable only while brokers are down.
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    private readonly TopicRequirements _required;
    private readonly EnsureTopicOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly TopicQuestions _questions;
    private readonly TopicClient _topic;
    private readonly OperatorCommands _commands;
    private readonly string _servers;
    private bool _isCreated;

    public TopicEnsuring(TopicRequirements required, EnsureTopicOptions options, KafkaClients clients, ILogger logger)
    {
        _required = required;
        _options = options;
        _time = options.TimeProvider;
        _logger = logger;
        _servers = clients.BootstrapServers;
        _questions = TopicQuestions.Of(clients.Admin);
        _topic = new TopicClient(clients, required.Name);
        _commands = new OperatorCommands(_servers, options.Client);
    }

    /// <summary>Why the latest request that failed has no usable result; <see langword="null"/> if none has failed.</summary>
    public string? LastProblem { get; private set; }

    /// <exception cref="TopicRequirementsException">The topic can't be used as it is.</exception>
    /// <exception cref="OperationCanceledException">The token ended the attempt.</exception>
    public async Task<EnsuredTopic> RunAsync(CancellationToken stop)
    {
        while (true)
        {
            try
            {
                if (await DescribeOrCreateAsync(stop).ConfigureAwait(false) is { } shape)
                    return await CheckAsync(shape, stop).ConfigureAwait(false);
            }
            catch (TopicException unanswered) when (unanswered.Problem is not TopicProblem.Refused)
            {
                // One broker may already describe a new topic while another, which is queried for the settings, does not know the topic
                // yet.
                Unanswered(unanswered.Message);
            }

            await Task.Delay(Pause, _time, stop).ConfigureAwait(false);
        }
    }

    public void Dispose() => _topic.Dispose();

    /// <returns>The topic; <see langword="null"/> if the queried broker does not know it yet.</returns>
    private async Task<TopicShape?> DescribeOrCreateAsync(CancellationToken stop)
    {
        try
        {
            return await _topic.DescribeAsync().WaitOrAbandonAsync(stop).ConfigureAwait(false);
        }
        catch (TopicException missing) when (missing.Problem is TopicProblem.Missing)
        {
            if (!_options.Create)
                throw Refusal([TopicFaults.Missing(_required, _commands)]);
        }
        catch (TopicException refused) when (refused.Problem is TopicProblem.Refused)
        {
            throw Refusal(
                [TopicFaults.Mended($"{refused.Message} Grant the ACLs:", _commands.Allow(_required.Name, "Describe", "Read"))], refused);
        }

        // A topic that has just been created may be unknown to the next broker that is queried. Trying to create it again is harmless.
        var answer = await _questions.CreateAsync(Specification()).WaitOrAbandonAsync(stop).ConfigureAwait(false);
        Settle(answer);
        return null;
    }

    private TopicSpecification Specification() => new()
    {
        Name = _required.Name,
        NumPartitions = _required.Partitions,
        ReplicationFactor = _required.ReplicationFactor ?? -1,
        Configs = RequiredSettings.Of(_required),
    };

    private void Settle(Error answer)
    {
        switch (answer.Code)
        {
            case ErrorCode.NoError:
                _isCreated = true;
                Log.TopicCreated(_logger, _required.Name, _required.Partitions);
                break;
            case ErrorCode.TopicAlreadyExists:
                // Another process has created the topic.
                break;
            case ErrorCode.TopicAuthorizationFailed or ErrorCode.ClusterAuthorizationFailed:
                throw Refusal(
                    [
                        TopicFaults.Mended(
                            "It does not exist, and this client may not create it. Create it, or grant the ACLs (NAME is the client's "
                            + "user):",
                            _commands.Create(_required), _commands.Allow(_required.Name, "Create", "Describe", "DescribeConfigs")),
                    ],
                    new KafkaException(answer));
            case var code when IsFinal(code):
                throw Refusal(
                    [
                        TopicFaults.Mended(
                            $"It does not exist, and the brokers refuse to create it: {answer.Reason}. Correct the requirements, or create "
                            + "it:",
                            _commands.Create(_required)),
                    ],
                    new KafkaException(answer));
            default:
                Unanswered($"The brokers at {_servers} have not created topic '{_required.Name}': {answer.Reason}.");
                break;
        }
    }

    // Any other error may be temporary, such as a change of the controller, a quota violation or a lost connection.
    private static bool IsFinal(ErrorCode code) => code is ErrorCode.Local_UnsupportedFeature or ErrorCode.PolicyViolation
        or ErrorCode.InvalidPartitions or ErrorCode.InvalidReplicationFactor or ErrorCode.InvalidReplicaAssignment
        or ErrorCode.InvalidConfig or ErrorCode.InvalidRequest or ErrorCode.TopicException or ErrorCode.UnsupportedVersion
        or ErrorCode.Local_InvalidArg;

    private async Task<EnsuredTopic> CheckAsync(TopicShape shape, CancellationToken stop)
    {
        TopicSettings? settings = null;
        string[] refused = [];
        Exception? cause = null;
        try
        {
            settings = await _topic.SettingsAsync().WaitOrAbandonAsync(stop).ConfigureAwait(false);
        }
        catch (TopicException untold) when (untold.InnerException is KafkaException { Error.Code: ErrorCode.Local_UnsupportedFeature })
        {
            Log.TopicUnchecked(_logger, _required.Name, untold.Message);
        }
        catch (TopicException unauthorized) when (unauthorized.Problem is TopicProblem.Refused)
        {
            cause = unauthorized;
            refused =
            [
                TopicFaults.Mended(
                    "Its settings can't be checked: this client lacks the ACL DescribeConfigs on it. Grant the ACL (NAME is the "
                    + "client's user):",
                    _commands.Allow(_required.Name, "DescribeConfigs")),
            ];
        }

        string[] faults = [.. refused, .. TopicFaults.Of(_required, shape.Partitions, settings, _commands, _options.Create)];
        return faults.Length == 0
            ? new EnsuredTopic(shape.Id, shape.Partitions, _isCreated, AreSettingsChecked: settings is not null)
            : throw Refusal(faults, cause);
    }

    private void Unanswered(string problem)
    {
        if (LastProblem != problem)
            Log.TopicUnanswered(_logger, problem);
        LastProblem = problem;
    }

    private TopicRequirementsException Refusal(string[] faults, Exception? cause = null) => new(_required.Name, _servers, faults, cause);
}
