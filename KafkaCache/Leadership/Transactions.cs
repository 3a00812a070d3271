using Confluent.Kafka;
using KafkaCaching.Clients;
using KafkaCaching.Diagnostics;
using Microsoft.Extensions.Logging;

namespace KafkaCaching.Leadership;

/// <summary>The transactional producer of one writer. Its calls block, and only one is made at a time.</summary>
internal sealed class Transactions : IDisposable
{
    private static readonly TimeSpan QueueTurn = TimeSpan.FromMilliseconds(50);

    // The time for which one call to the client may block before cancellation is checked again.
    private static readonly TimeSpan StepTurn = TimeSpan.FromSeconds(1);

    // If the process was paused, the time-out may have passed before the brokers could report that the writer was fenced. Therefore, one
    // more call is made after the time-out, with this limit of its own.
    private static readonly TimeSpan LastTurn = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan AbortTimeout = TimeSpan.FromSeconds(5);

    private readonly FencedWriterOptions _options;
    private readonly IProducer<byte[], byte[]?> _producer;
    private readonly ClientLog _clientLog;
    private readonly ILogger _logger;
    private volatile bool _isFenced;
    private volatile bool _isSpent;

    public Transactions(FencedWriterOptions options, ProducerConfig config, ILogger logger)
    {
        (_options, _logger) = (options, logger);
        _clientLog = new ClientLog(logger, options.TimeProvider, options.Id!);
        if (ClientRefusal.Try(config, Build, out var reason) is not { } producer)
        {
            _clientLog.Dispose();
            throw TransactionErrors.NotCreated(options.Id!, reason!);
        }

        _producer = producer;
    }

    public bool IsFenced => _isFenced;

    /// <summary>Whether no further transaction is possible.</summary>
    public bool IsSpent => _isSpent;

    /// <summary>Fences earlier producers with the same ID. The brokers first end a transaction that one of them may have left
    /// open.</summary>
    public void Fence(CancellationToken stop) => Settle(
        left => _producer.InitTransactions(left),
        error => TransactionErrors.NotFenced(_options.Id!, error.Error, _clientLog.LastProblem, error),
        stop);

    /// <returns>The position of the last record; a negative offset if there is none.</returns>
    public CachePosition Write(IEnumerable<FencedRecord> records, CancellationToken stop)
    {
        if (_isFenced)
            throw TransactionErrors.Fenced(_options.Id!, new KafkaException(ErrorCode.Local_Fenced));
        if (_isSpent)
            throw TransactionErrors.Unknown(_options.Id!, "an earlier transaction was not settled", cause: null);
        using var all = records.GetEnumerator();
        if (!all.MoveNext())
            return new CachePosition(_options.Partition, -1);
        var deliveries = new Deliveries();
        try
        {
            _producer.BeginTransaction();
            do
                Produce(all.Current, deliveries, stop);
            while (all.MoveNext());
        }
        catch (Exception failed)
        {
            throw TakeBack(failed, deliveries);
        }

        Commit(deliveries, stop);
        return new CachePosition(_options.Partition, deliveries.LastOffset);
    }

    public void Dispose()
    {
        _producer.Dispose();
        _clientLog.Dispose();
    }

    private IProducer<byte[], byte[]?> Build(Config settings) => new ProducerBuilder<byte[], byte[]?>(settings)
        .SetLogHandler((_, message) => _clientLog.OnLog(message))
        .SetErrorHandler((_, error) => _clientLog.OnError(error))
        .Build();

    private void Produce(FencedRecord record, Deliveries deliveries, CancellationToken stop)
    {
        var message = new Message<byte[], byte[]?> { Key = record.Key, Value = record.Value };
        while (true)
        {
            stop.ThrowIfCancellationRequested();
            if (deliveries.Failure is { } failed)
                throw new KafkaException(failed);
            try
            {
                _producer.Produce(new TopicPartition(_options.Topic, _options.Partition), message, deliveries.Note);
                return;
            }
            catch (ProduceException<byte[], byte[]?> full) when (full.Error.Code == ErrorCode.Local_QueueFull)
            {
                _producer.Flush(QueueTurn);
            }
        }
    }

    // The client's commit first waits until every record is acknowledged. Nothing becomes visible before it sends the commit request to the
    // brokers. From then on, only the brokers know the outcome.
    private void Commit(Deliveries deliveries, CancellationToken stop)
    {
        if (stop.IsCancellationRequested)
            throw TakeBack(new OperationCanceledException(stop), deliveries);
        try
        {
            Settle(left => _producer.CommitTransaction(left), error => error, CancellationToken.None);
        }
        catch (KafkaException failed) when (failed is KafkaTxnRequiresAbortException)
        {
            throw TakeBack(failed, deliveries);
        }
        catch (KafkaException failed)
        {
            _isSpent = true;
            throw FencedBy(failed, deliveries) ?? (Exception)TransactionErrors.Unknown(_options.Id!, failed.Error.Reason, failed);
        }
    }

    private void Settle(Action<TimeSpan> call, Func<KafkaException, Exception> failure, CancellationToken stop)
    {
        var started = _options.TimeProvider.GetTimestamp();
        while (true)
        {
            stop.ThrowIfCancellationRequested();
            var left = _options.Timeout - _options.TimeProvider.GetElapsedTime(started);
            var isLast = left <= TimeSpan.Zero;
            try
            {
                call(isLast ? LastTurn : stop.CanBeCanceled && left > StepTurn ? StepTurn : left);
                return;
            }
            catch (KafkaException error) when (TransactionErrors.IsRetriable(error) && !isLast)
            {
                // A repeated call continues where this one ended.
            }
            catch (KafkaException error)
            {
                if (FencedBy(error, deliveries: null) is { } fenced)
                    throw fenced;
                throw failure(error);
            }
        }
    }

    private Exception TakeBack(Exception failed, Deliveries deliveries)
    {
        var cause = failed as KafkaException;

        // The reason is read before the abort, because the abort also reports the records that it drops as failed.
        var reason = deliveries.Failure ?? cause?.Error;
        if (cause is not null && FencedBy(cause, deliveries) is { } fenced)
            return fenced;
        try
        {
            _producer.AbortTransaction(AbortTimeout);
        }
        catch (KafkaException aborting)
        {
            _isSpent = true;
            if (FencedBy(aborting, deliveries) is { } late)
                return late;
            Log.TransactionUnsettled(_logger, _options.Id!, _options.Topic!, aborting.Error.Reason);
        }

        return cause is null ? failed : TransactionErrors.NotCommitted(_options.Id!, reason!, cause);
    }

    private FencedException? FencedBy(KafkaException error, Deliveries? deliveries)
    {
        if (!TransactionErrors.IsFence(error.Error) && !(deliveries?.Failure is { } failure && TransactionErrors.IsFence(failure)))
            return null;
        _isSpent = true;
        if (!_isFenced)
            Log.WriterFenced(_logger, _options.Id!, _options.Topic!, error.Error.Reason);
        _isFenced = true;
        return TransactionErrors.Fenced(_options.Id!, error);
    }

    /// <summary>Collects the outcomes of the records of one transaction, which the client reports on its own thread.</summary>
    private sealed class Deliveries
    {
        private long _lastOffset = -1;
        private volatile Error? _failure;

        public long LastOffset => Interlocked.Read(ref _lastOffset);

        public Error? Failure => _failure;

        public void Note(DeliveryReport<byte[], byte[]?> report)
        {
            if (report.Error.IsError)
                _failure ??= report.Error;
            else
                Interlocked.Exchange(ref _lastOffset, report.Offset.Value);
        }
    }
}
