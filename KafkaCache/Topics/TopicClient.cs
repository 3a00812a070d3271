using System.Globalization;
using Confluent.Kafka;
using Confluent.Kafka.Admin;
using KafkaCaching.Clients;
using KafkaCaching.Logs;

namespace KafkaCaching.Topics;

/// <summary>Queries the brokers about one topic. It never substitutes a default for missing information: every partition must have an
/// offset.</summary>
internal sealed class TopicClient(KafkaClients clients, string topic) : ITopic
{
    // Kafka allows 2^63 - 1 ms, which is too large for a TimeSpan.
    private const long MaxRetentionMs = 100L * 365 * 24 * 60 * 60 * 1000;

    // For a large cluster, a few addresses are enough to show what the advertised addresses look like.
    private const int MaxAddresses = 5;

    private readonly TopicQuestions _questions = TopicQuestions.Of(clients.Admin);
    private volatile bool _isDoubtful;
    private volatile bool _wasAnswered;
    private volatile string[] _elsewhere = [];
    private volatile bool _disposed;

    private string Servers => clients.BootstrapServers;

    public async Task<TopicShape> DescribeAsync()
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (_isDoubtful)
            await CheckClusterAsync().ConfigureAwait(false);
        var (shape, problem) = await _questions.DescribeAsync(topic).ConfigureAwait(false);
        if (shape is null)
            throw await ProblemAsync(problem).ConfigureAwait(false);
        Answered();
        return shape;
    }

    public async Task<LogRange[]> ListRangesAsync(int partitions)
    {
        var starts = ListAsync(_questions.Starts, partitions);
        var ends = ListEndsAsync(partitions);
        await Task.WhenAll(starts, ends).ConfigureAwait(false);
        var ranges = new LogRange[partitions];
        for (var partition = 0; partition < partitions; partition++)
        {
            var end = (await ends.ConfigureAwait(false))[partition];
            ranges[partition] = new LogRange((await starts.ConfigureAwait(false))[partition], end.LastStableOffset, end.HighWatermark);
        }

        return ranges;
    }

    public async Task<LogEnd[]> ListEndsAsync(int partitions)
    {
        var stable = ListAsync(_questions.StableEnds, partitions);
        var high = ListAsync(_questions.Ends, partitions);
        await Task.WhenAll(stable, high).ConfigureAwait(false);
        var ends = new LogEnd[partitions];
        for (var partition = 0; partition < partitions; partition++)
            ends[partition] = new LogEnd((await stable.ConfigureAwait(false))[partition], (await high.ConfigureAwait(false))[partition]);
        return ends;
    }

    public async Task<TopicPolicy> PolicyAsync()
    {
        var settings = (await SettingsAsync().ConfigureAwait(false)).Entries;
        return new TopicPolicy(
            settings.TryGetValue("cleanup.policy", out var cleanup) ? cleanup.Value : null,
            Milliseconds(settings, "delete.retention.ms"),
            Milliseconds(settings, "retention.ms"));

        static TimeSpan? Milliseconds(IReadOnlyDictionary<string, ConfigEntryResult> settings, string name) =>
            settings.TryGetValue(name, out var time) && long.TryParse(time.Value, CultureInfo.InvariantCulture, out var milliseconds)
                ? TimeSpan.FromMilliseconds(Math.Min(milliseconds, MaxRetentionMs))
                : null;
    }

    /// <exception cref="TopicException">The brokers do not report the settings.</exception>
    public async Task<TopicSettings> SettingsAsync()
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        var settings = await _questions.SettingsAsync(topic).ConfigureAwait(false);
        return settings.Problem.IsError ? throw await SettingsProblemAsync(settings.Problem).ConfigureAwait(false) : settings;
    }

    public void Dispose() => _disposed = true;

    private async Task CheckClusterAsync()
    {
        var answer = await _questions.CheckClusterAsync().ConfigureAwait(false);
        Remember(answer);
        if (answer.Problem != ErrorCode.NoError)
            throw Explain(new Error(answer.Problem), _elsewhere, cause: null);
        _isDoubtful = false;
    }

    private void Answered()
    {
        _wasAnswered = true;
        _elsewhere = [];
        clients.OnRecovered();
    }

    // A client selects an unreachable broker as often as a reachable one, so the next check might not obtain the addresses, and they are
    // remembered. Once a request about the topic has been answered, the brokers' addresses are known to be reachable, and a time-out has
    // another cause.
    private void Remember(ClusterAnswer answer)
    {
        if (!_wasAnswered && answer.Advertised.Count > 0)
            _elsewhere = [.. answer.Advertised.Except(BootstrapServers.Addresses(Servers), StringComparer.OrdinalIgnoreCase)];
    }

    private async Task<long[]> ListAsync(OffsetLists lists, int partitions)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        var (offsets, problem) = await lists.AskAsync(topic, partitions).ConfigureAwait(false);
        if (problem.IsError)
            throw await ProblemAsync(problem).ConfigureAwait(false);
        Answered();
        var missing = Array.FindIndex(offsets, static offset => offset < 0);
        return missing < 0
            ? offsets
            : throw new TopicException($"The brokers gave no offset for partition {missing} of topic '{topic}'.", TopicProblem.Unavailable);
    }

    private async Task<TopicException> SettingsProblemAsync(Error error) => error.Code switch
    {
        ErrorCode.Local_UnsupportedFeature => new(
            $"The brokers at {Servers} don't report the settings of topic '{topic}': {error.Reason}.", TopicProblem.Refused,
            new KafkaException(error)),
        ErrorCode.TopicAuthorizationFailed => new(
            $"The brokers at {Servers} refuse the settings of topic '{topic}': the client's user needs the ACL DescribeConfigs on it.",
            TopicProblem.Refused, new KafkaException(error)),
        _ => await ProblemAsync(error, new KafkaException(error)).ConfigureAwait(false),
    };

    private async Task<TopicException> ProblemAsync(Error error, Exception? cause = null)
    {
        if (Explain(error, elsewhere: [], cause) is var problem && problem.Problem != TopicProblem.Unavailable)
            return problem;
        _isDoubtful = true;
        return Explain(error, IsSilence(error) ? await ElsewhereAsync().ConfigureAwait(false) : [], cause);
    }

    private static bool IsSilence(Error error) => error.IsLocalError && error.Code != ErrorCode.Local_Destroy;

    // If a broker answers the check but another request is not answered, that request was sent to an address that the broker advertises for
    // itself or for another broker. The check itself may fail repeatedly for the same reason, because librdkafka stops using the configured
    // address as soon as it knows another one (observed with 2.16.0). The client's own error message then names the address that it can't
    // reach.
    private async Task<string[]> ElsewhereAsync()
    {
        Remember(await _questions.CheckClusterBrieflyAsync().ConfigureAwait(false));
        if (_elsewhere.Length == 0 && clients.UnreachableAddress is { } unreachable)
            Remember(new ClusterAnswer(ErrorCode.NoError, [unreachable]));
        return _elsewhere;
    }

    private TopicException Explain(Error error, string[] elsewhere, Exception? cause) => error.Code switch
    {
        ErrorCode.UnknownTopicOrPart or ErrorCode.Local_UnknownTopic or ErrorCode.UnknownTopicId =>
            new(
                $"The topic '{topic}' does not exist on {Servers}. Create it (cleanup.policy=compact) or correct the option Topic.",
                TopicProblem.Missing, cause),
        ErrorCode.TopicAuthorizationFailed =>
            new(
                $"The brokers at {Servers} refuse access to topic '{topic}': the client's user needs the ACLs Describe and Read on it.",
                TopicProblem.Refused, cause),
        ErrorCode.ClusterAuthorizationFailed or ErrorCode.TopicException =>
            new($"The brokers at {Servers} refuse to describe topic '{topic}': {error.Reason}.", TopicProblem.Refused, cause),
        _ when elsewhere.Length > 0 =>
            new($"The brokers at {Servers} have answered, but a question about topic '{topic}' got no answer ({error.Reason}): they send "
                + $"their clients on to {ListOf(elsewhere)}, as their setting advertised.listeners says. "
                + "Make those addresses resolve and answer from here, or correct advertised.listeners.", TopicProblem.Unavailable, cause),
        _ => new(
            $"The brokers at {Servers} gave no answer about topic '{topic}': {error.Reason}. Are they up, and is BootstrapServers right?",
            TopicProblem.Unavailable, cause),
    };

    private static string ListOf(string[] addresses) =>
        string.Join(", ", addresses.Take(MaxAddresses)) + (addresses.Length > MaxAddresses ? ", …" : "");
}
