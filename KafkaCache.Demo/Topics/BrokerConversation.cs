using System.Text.RegularExpressions;
using Confluent.Kafka;
using Confluent.Kafka.Admin;

namespace KafkaCaching.Demo.Topics;

/// <summary>Asks the brokers something, and turns what goes wrong into one line. The client's own words go to the log.</summary>
internal sealed partial class BrokerConversation : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly ILogger _logger;
    private readonly string _address;
    private readonly TaskCompletionSource _hopeless = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly IAdminClient _admin;
    private volatile string? _lastError;

    /// <exception cref="DemoException">The Kafka client refuses a setting.</exception>
    public BrokerConversation(ClientConfig client, ILogger logger)
    {
        _logger = logger;
        _address = client.BootstrapServers;
        _admin = Build(client);
    }

    /// <exception cref="DemoException">No answer, or an error that is not a topic's own.</exception>
    public async Task<IReadOnlyList<TopicDescription>> DescribeAsync(IEnumerable<string> topics, CancellationToken stop)
    {
        try
        {
            var answer = _admin.DescribeTopicsAsync(TopicCollection.OfTopicNames(topics), new DescribeTopicsOptions { RequestTimeout = Patience });
            await AnswerAsync(answer, stop);
            return (await answer).TopicDescriptions;
        }
        catch (DescribeTopicsException exception)
        {
            return exception.Results.TopicDescriptions;
        }
    }

    /// <exception cref="DemoException">No answer, or an error.</exception>
    public Task CreateAsync(IEnumerable<TopicSpecification> topics, CancellationToken stop) =>
        AnswerAsync(_admin.CreateTopicsAsync(topics, new CreateTopicsOptions { RequestTimeout = Patience, OperationTimeout = Patience }), stop);

    public void Dispose() => _admin.Dispose();

    private async Task AnswerAsync(Task answer, CancellationToken stop)
    {
        try
        {
            await await Task.WhenAny(answer, _hopeless.Task).WaitAsync(stop);
        }
        catch (CreateTopicsException exception)
        {
            throw new DemoException($"The topic can't be created: {exception.Results.First(result => result.Error.IsError).Error.Reason}.");
        }
        catch (KafkaException exception) when (exception is not DescribeTopicsException)
        {
            throw new DemoException(exception.Error.IsLocalError ? Unreachable() : $"Kafka at {_address} answers: {exception.Error.Reason}.");
        }
    }

    private IAdminClient Build(ClientConfig client)
    {
        try
        {
            return new AdminClientBuilder(client).SetLogHandler((_, message) => LogClient(message.Message)).SetErrorHandler((_, error) => OnError(error)).Build();
        }
        catch (Exception exception) when (exception is InvalidOperationException or ArgumentException)
        {
            throw new DemoException($"--client-config: {Refusal(client, exception)}", DemoException.BadArguments);
        }
    }

    // The client's own words say most, but may quote a value: where that may be a secret, the name alone is repeated.
    private static string Refusal(ClientConfig client, Exception exception)
    {
        if (!client.Any(setting => IsSecret(setting.Key) && exception.Message.Contains(setting.Value, StringComparison.Ordinal)))
            return $"the Kafka client refuses a setting. {OneLine.Of(exception)}";
        var name = client.Select(setting => setting.Key).FirstOrDefault(name => exception.Message.Contains($"\"{name}\"", StringComparison.Ordinal));
        return $"the Kafka client refuses {name ?? "a setting"}: unknown, or not a legal value.";
    }

    private static bool IsSecret(string name) => SecretName().IsMatch(name);

    // Not known to be harmless is treated as a secret: a misspelt name may hold one.
    [GeneratedRegex(@"^(?!(bootstrap\.servers|security\.protocol|sasl\.mechanisms?|client\.id)$)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex SecretName();

    private void OnError(Error error)
    {
        if (error.Code != ErrorCode.Local_AllBrokersDown)
            _lastError = WithoutCircumstances(error.Reason);
        if (error.Code is ErrorCode.Local_Authentication or ErrorCode.Local_Ssl or ErrorCode.SaslAuthenticationFailed)
            _hopeless.TrySetException(new DemoException(Unreachable()));
    }

    // The client adds how long it tried and how often: "… failed: Connection refused (after 0ms in state CONNECT)".
    private static string WithoutCircumstances(string reason)
    {
        var circumstances = reason.IndexOf(" (after ", StringComparison.Ordinal);
        return circumstances < 0 ? reason : reason[..circumstances];
    }

    private string Unreachable() =>
        $"Can't reach Kafka at {_address}: {_lastError ?? "no answer"}. Check --kafka and, for SASL or TLS, --client-config.";

    [LoggerMessage(1, LogLevel.Debug, "{Message}")]
    private partial void LogClient(string message);
}
