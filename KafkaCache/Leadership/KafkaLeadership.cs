using KafkaCaching.Clients;
using KafkaCaching.Diagnostics;
using KafkaCaching.Leadership;
using KafkaCaching.Waiting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace KafkaCaching;

/// <summary>An instance's participation in the election for a leadership. Any number of instances may campaign, and one of them leads. If
/// the leader shuts down in an orderly way, another instance is elected within a second. If it dies, another one is elected after
/// <see cref="LeadershipOptions.SessionTimeout"/>. An instance that joins never takes the leadership from another one.</summary>
/// <remarks>An instance leads while a Kafka consumer group assigns the leadership to it. This is not a lock: <see cref="LeadershipTerm"/>
/// describes the effect of a pause of the process, and a <see cref="FencedWriter"/> makes writes that are safe despite such a pause. Each
/// instance has one Kafka consumer for each leadership. Every member may be called from any number of threads at once.</remarks>
public sealed class KafkaLeadership : IDisposable, IAsyncDisposable
{
    /// <summary>The name of the meter that provides the metrics of all leaderships.</summary>
    public const string MeterName = "KafkaCache.Leadership";

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(2);

    private readonly LeadershipOptions _options;
    private readonly ILoggerFactory _loggers;
    private readonly ILogger _logger;
    private readonly ClientLog _clientLog;
    private readonly Seat _seat;
    private readonly Campaign _campaign;
    private readonly CancellationTokenSource _stopping = new();
    private readonly IDisposable _shown;
    private readonly Task _starting;
    private volatile string? _topicProblem;
    private readonly SingleEnd _end = new();

    private KafkaLeadership(LeadershipOptions options, ClientConfigs configs, ILoggerFactory loggers)
    {
        (_options, _loggers) = (options, loggers);
        _logger = GuardedLogger.Of(loggers, "KafkaCache.Leadership");
        _clientLog = new ClientLog(_logger, options.TimeProvider, options.Name!);
        _seat = new Seat(options.Name!, options.SessionTimeout, options.TimeProvider, _logger);
        _campaign = new Campaign(options, configs, _clientLog, _seat, _logger);
        _shown = LeadershipMetrics.For(options.MeterFactory).Add(
            options.Name!, () => IsLeader ? 1 : 0, () => _seat.TermsBegun, () => _seat.TermsLost);
        _starting = Task.Run(StartAsync);
    }

    /// <summary>The name of the leadership.</summary>
    public string Name => _options.Name!;

    /// <summary>Whether this instance leads, as far as it knows.</summary>
    public bool IsLeader => _seat.Term is not null;

    /// <summary>The current term of this instance; <see langword="null"/> if it does not lead.</summary>
    public LeadershipTerm? Term => _seat.Term;

    /// <summary>The state of the leadership in this instance. It never throws.</summary>
    public LeadershipStatus Status
    {
        get
        {
            var term = _seat.Term;
            return new LeadershipStatus(
                Name, term is not null, term?.Since, _seat.TermsBegun, _seat.TermsLost, _topicProblem ?? _campaign.Problem);
        }
    }

    /// <summary>Takes part in the election from now on. The call returns at once and never waits for a broker. While the brokers are
    /// unreachable, no instance leads.</summary>
    /// <param name="options">The options of the leadership.</param>
    /// <param name="loggerFactory">Creates the logger, with the category <c>KafkaCache.Leadership</c>. Default: nothing is logged.</param>
    /// <returns>The leadership. Dispose of it to leave the election.</returns>
    /// <exception cref="OptionsValidationException">The options have faults. The exception names all of them.</exception>
    public static KafkaLeadership Campaign(LeadershipOptions options, ILoggerFactory? loggerFactory = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        string[] faults = [.. LeadershipFaults.Of(options)];
        return faults.Length == 0
            ? new KafkaLeadership(
                options, ClientConfigs.OfAdmin(options.BootstrapServers, options.Client), loggerFactory ?? NullLoggerFactory.Instance)
            : throw new OptionsValidationException(options.Name ?? "", typeof(LeadershipOptions), faults);
    }

    /// <summary>Waits until this instance leads.</summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The current term, or the next one.</returns>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    /// <exception cref="ObjectDisposedException">The leadership has been disposed of.</exception>
    public Task<LeadershipTerm> WaitForLeadershipAsync(CancellationToken cancellationToken = default) => _seat.WaitAsync(cancellationToken);

    /// <summary>Leaves the election, so that another instance is elected at once. This ends the current term, and waits throw
    /// <see cref="ObjectDisposedException"/>. A second call returns when the first one does.</summary>
    public void Dispose()
    {
        _end.Run(() =>
        {
            _stopping.Cancel();
            _shown.Dispose();
            _seat.Dispose();
            _campaign.Dispose();
            _clientLog.Dispose();
        });
    }

    /// <inheritdoc cref="Dispose"/>
    /// <returns>A task that completes when the group has been left.</returns>
    public async ValueTask DisposeAsync()
    {
        await Task.Run(Dispose).ConfigureAwait(false);
        await _starting.ConfigureAwait(false);
    }

    // The topic must exist before the consumer subscribes, because a client discovers a new topic only with its next metadata request.
    private async Task StartAsync()
    {
        var time = _options.TimeProvider;
        try
        {
            while (!await TryEnsureAsync().ConfigureAwait(false))
                await Task.Delay(Pause, time, _stopping.Token).ConfigureAwait(false);
            _stopping.Token.ThrowIfCancellationRequested();
            _campaign.Start();
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            // The leadership has been disposed of.
        }
    }

    private async Task<bool> TryEnsureAsync()
    {
        try
        {
            await KafkaTopics.EnsureAsync(Requirements(), Access(), _loggers, _stopping.Token).ConfigureAwait(false);
            _topicProblem = null;
            return true;
        }
        catch (Exception failed) when (failed is TimeoutException or TopicRequirementsException or OptionsValidationException)
        {
            // The options were valid, but only the client shows whether it accepts them together, with the files that they name.
            if (_topicProblem != failed.Message)
                Log.ElectionProblem(_logger, Name, failed.Message);
            _topicProblem = failed.Message;
            return false;
        }
    }

    private TopicRequirements Requirements() => new()
    {
        Name = _options.Topic,
        Partitions = 1,
        MaxPartitions = 1,
        ReplicationFactor = _options.ReplicationFactor,
    };

    private EnsureTopicOptions Access() => new()
    {
        BootstrapServers = _options.BootstrapServers,
        Client = _options.Client,
        Create = _options.CreateTopic,
        TimeProvider = _options.TimeProvider,
    };
}
