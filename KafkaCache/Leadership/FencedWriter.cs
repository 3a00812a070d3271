using System.Text;
using KafkaCaching.Clients;
using KafkaCaching.Diagnostics;
using KafkaCaching.Leadership;
using KafkaCaching.Waiting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace KafkaCaching;

/// <summary>Writes to a topic, and ensures that no earlier writer with the same ID can still write to it. When a writer is created, the
/// brokers fence all earlier writers with that ID: records that they have not committed never become visible, and their later writes are
/// refused.</summary>
/// <remarks> To make a safe change, fence the earlier writers with <see cref="FenceAsync"/>, wait until a cache of the topic has applied
/// <see cref="Barrier"/>, read that cache, and call <see cref="WriteAsync"/>. The barrier is the first record after everything that earlier
/// writers have committed. Once it is applied, the cache contains all of their writes, and no earlier writer can add another. Every member
/// may be called from any thread. Writes are made one after another. </remarks>
public sealed class FencedWriter : IDisposable, IAsyncDisposable
{
    private readonly FencedWriterOptions _options;
    private readonly Transactions _transactions;
    private readonly SemaphoreSlim _turn = new(1, 1);
    private readonly CancellationTokenSource _disposing = new();
    private readonly SingleEnd _end = new();

    private FencedWriter(FencedWriterOptions options, Transactions transactions, CachePosition barrier) =>
        (_options, _transactions, Barrier) = (options, transactions, barrier);

    /// <summary>The ID of the writer: <see cref="FencedWriterOptions.Id"/>.</summary>
    public string Id => _options.Id!;

    /// <summary>The topic.</summary>
    public string Topic => _options.Topic!;

    /// <summary>The position of this writer's first record. Everything that earlier writers have committed comes before it.</summary>
    public CachePosition Barrier { get; }

    /// <summary>The fencing token: the offset of <see cref="Barrier"/>. A later writer always has a greater token, so a store outside Kafka
    /// can refuse the writes of earlier writers, as in <c>UPDATE ... WHERE token &lt;= @token</c>.</summary>
    public long Token => Barrier.Offset;

    /// <summary>Whether the brokers have reported to this writer that another one has taken over. The brokers may have fenced the writer
    /// before it receives such a report.</summary>
    public bool IsFenced => _transactions.IsFenced;

    /// <summary>Whether another write can succeed. If the writer has been fenced, or if the outcome of a write is unknown, no further write
    /// can succeed. In that case, create a new writer.</summary>
    public bool IsUsable => !_transactions.IsSpent;

    /// <summary>Fences all earlier writers with the same ID, ends a transaction that one of them may have left open, and writes the
    /// barrier.</summary>
    /// <param name="options">Where to write, and which writers to fence.</param>
    /// <param name="loggerFactory">Creates the logger, with the category <c>KafkaCache.Leadership</c>. Default: nothing is logged.</param>
    /// <param name="cancellationToken">Cancels the attempt.</param>
    /// <returns>The writer.</returns>
    /// <exception cref="OptionsValidationException">The options have faults. The exception names all of them.</exception>
    /// <exception cref="FencedException">Another writer with this ID was created at the same time.</exception>
    /// <exception cref="PutException">The brokers did not fence the earlier writers or did not accept the barrier. The message says
    /// why.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public static async Task<FencedWriter> FenceAsync(
        FencedWriterOptions options, ILoggerFactory? loggerFactory = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        string[] faults = [.. FencedWriterFaults.Of(options)];
        if (faults.Length > 0)
            throw new OptionsValidationException(options.Id ?? "", typeof(FencedWriterOptions), faults);
        cancellationToken.ThrowIfCancellationRequested();
        var logger = GuardedLogger.Of(loggerFactory, "KafkaCache.Leadership");
        var configs = ClientConfigs.OfAdmin(options.BootstrapServers, options.Client);
        var transactions = new Transactions(options, configs.Fenced(options), logger);
        try
        {
            var barrier = await Blocking.RunAsync(
                () =>
                {
                    transactions.Fence(cancellationToken);
                    return transactions.Write([BarrierOf(options, configs)], cancellationToken);
                }).ConfigureAwait(false);
            return new FencedWriter(options, transactions, barrier);
        }
        catch
        {
            await Blocking.RunAsync(transactions.Dispose).ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Writes records in one transaction: readers see all of them or none.</summary>
    /// <param name="records">The records, in order. If there are none, nothing is written.</param>
    /// <param name="cancellationToken">Aborts the transaction, unless its commit has begun. In that case, the call waits for the
    /// commit.</param>
    /// <returns>The position of the last record, or of the barrier if there are no records.</returns>
    /// <exception cref="FencedException">Another writer has taken over. Nothing is visible.</exception>
    /// <exception cref="PutException">The write failed. <see cref="PutException.Outcome"/> says whether the records may be visible. If the
    /// outcome is unknown, this writer can no longer be used.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled. Nothing is visible.</exception>
    /// <exception cref="ObjectDisposedException">The writer has been disposed of.</exception>
    public async Task<CachePosition> WriteAsync(IEnumerable<FencedRecord> records, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(records);
        ObjectDisposedException.ThrowIf(_end.HasBegun, this);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _disposing.Token);
        try
        {
            await _turn.WaitAsync(stop.Token).ConfigureAwait(false);
            try
            {
                var last = await Blocking.RunAsync(() => _transactions.Write(records, stop.Token)).ConfigureAwait(false);
                return last.Offset < 0 ? Barrier : last;
            }
            finally
            {
                _turn.Release();
            }
        }
        catch (OperationCanceledException ended) when (!cancellationToken.IsCancellationRequested)
        {
            throw new ObjectDisposedException("The writer has been disposed of.", ended);
        }
    }

    /// <summary>Aborts a transaction in progress, unless its commit has begun, and closes the producer. Other writers are not
    /// affected. A second call returns when the first one does.</summary>
    public void Dispose() => _end.Run(() =>
    {
        _disposing.Cancel();

        // A write in progress uses the producer until the write ends, at the latest after its time-out.
        if (_turn.Wait(_options.Timeout + _options.Timeout))
            _transactions.Dispose();
    });

    /// <inheritdoc cref="Dispose"/>
    /// <returns>A task that completes when the producer has been closed.</returns>
    public async ValueTask DisposeAsync() => await Blocking.RunAsync(Dispose).ConfigureAwait(false);

    private static FencedRecord BarrierOf(FencedWriterOptions options, ClientConfigs configs) => new(
        options.BarrierKey ?? Encoding.UTF8.GetBytes($"\0kafkacache/barrier/{options.Id}"),
        options.BarrierValue ?? Encoding.UTF8.GetBytes(configs.Admin().ClientId));
}
