using Confluent.Kafka;
using KafkaCaching.Clients;
using KafkaCaching.Diagnostics;
using Microsoft.Extensions.Logging;

namespace KafkaCaching.Leadership;

/// <summary>Takes part in an election. It runs a thread with a consumer, which is a member of a consumer group for a topic with one
/// partition. The instance to which the group assigns the partition leads. With the cooperative rebalance protocol, a member that joins
/// never takes the partition from another member.</summary>
internal sealed class Campaign : IDisposable
{
    // The interval at which the thread checks whether it must stop, and records that the process is running.
    private static readonly TimeSpan Turn = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private readonly LeadershipOptions _options;
    private readonly ClientConfigs _configs;
    private readonly ClientLog _clientLog;
    private readonly Seat _seat;
    private readonly ILogger _logger;
    private readonly ManualResetEventSlim _stopping = new();
    private readonly Thread _thread;
    private volatile string? _problem;

    public Campaign(LeadershipOptions options, ClientConfigs configs, ClientLog clientLog, Seat seat, ILogger logger)
    {
        (_options, _configs, _clientLog, _seat, _logger) = (options, configs, clientLog, seat, logger);
        _thread = new Thread(Run) { IsBackground = true, Name = $"KafkaCache election {options.Name}" };
    }

    /// <summary>The problem that prevents this instance from taking part; <see langword="null"/> if there is none.</summary>
    public string? Problem => _problem ?? (_seat.Term is null ? _clientLog.LastProblem : null);

    public void Start() => _thread.UnsafeStart();

    /// <summary>Leaves the group, so that another instance is elected at once.</summary>
    public void Dispose()
    {
        _stopping.Set();
        if (_thread.IsAlive && !_thread.Join(ClientEnds.Patience))
            Log.ClientLeftBehind(_logger, _options.Name!, ClientEnds.Patience.TotalSeconds);
    }

    private void Run()
    {
        while (!_stopping.IsSet)
        {
            try
            {
                RunOnce();
            }
            catch (KafkaException failed)
            {
                Note(failed.Error);
                _stopping.Wait(Pause);
            }
        }
    }

    // Runs one membership of the group. It ends when the campaign ends, when the client has a fatal error, or when the process has been
    // paused. What the group decided during a pause is unknown, so the instance then joins as a new member.
    private void RunOnce()
    {
        using var consumer = Open();
        try
        {
            consumer.Subscribe(_options.Topic);
            _seat.Beat();
            while (!_stopping.IsSet && Poll(consumer))
            {
            }
        }
        finally
        {
            _seat.Leave("this instance leaves the election", isGivenUp: _stopping.IsSet);
            consumer.Close();
        }
    }

    private bool Poll(IConsumer<Ignore, Ignore> consumer)
    {
        try
        {
            _ = consumer.Consume(Turn);
            if (_seat.Term is not null)
                _problem = null;
        }
        catch (ConsumeException failed) when (!failed.Error.IsFatal)
        {
            Note(failed.Error);
            _stopping.Wait(Pause);
        }

        return _seat.Beat() || consumer.Assignment.Count == 0;
    }

    // A client needs files, such as certificates, and threads. If it can't be created now, it may be a moment later.
    private IConsumer<Ignore, Ignore> Open() => ClientRefusal.Try(_configs.Election(_options), Build, out var reason)
        ?? throw new KafkaException(ClientRefusal.OfConsumer(reason));

    private IConsumer<Ignore, Ignore> Build(Config settings) => new ConsumerBuilder<Ignore, Ignore>(settings)
        .SetLogHandler((_, message) => _clientLog.OnLog(message))
        .SetErrorHandler((_, error) => _clientLog.OnError(error))
        .SetPartitionsAssignedHandler((consumer, partitions) => OnAssigned(partitions))
        .SetPartitionsRevokedHandler((_, _) => _seat.Leave("the group has given it to another instance", isGivenUp: _stopping.IsSet))
        .SetPartitionsLostHandler((_, _) => _seat.Leave("the session has run out", isGivenUp: false))
        .Build();

    // The topic is empty, so the offset does not matter. With an explicit offset, the consumer does not request the committed one.
    private List<TopicPartitionOffset> OnAssigned(List<TopicPartition> partitions)
    {
        if (partitions.Count > 0)
        {
            _clientLog.OnRecovered();
            _problem = null;
            _seat.Beat();
            _seat.Take();
        }

        return partitions.ConvertAll(static partition => new TopicPartitionOffset(partition, Offset.End));
    }

    private void Note(Error error)
    {
        var reason = error.Code switch
        {
            ErrorCode.GroupAuthorizationFailed => $"{error.Reason}. Give the client's user the ACL Read on the group '{_options.Group}'.",
            ErrorCode.TopicAuthorizationFailed =>
                $"{error.Reason}. Give the client's user the ACLs Describe and Read on the topic '{_options.Topic}'.",
            _ => error.Reason,
        };
        if (_problem != reason)
            Log.ElectionProblem(_logger, _options.Name!, reason);
        _problem = reason;
    }
}
