using Confluent.Kafka;
using KafkaCaching.Tests.Brokers;
using KafkaCaching.Tests.Diagnostics;
using KafkaCaching.Tests.Histories.Model;
using KafkaCaching.Tests.Store;
using Xunit.Sdk;

namespace KafkaCaching.Tests.Histories.Live;

/// <summary>Plays a history with real caches on brokers. From time to time, all steps pause, and each cache is compared with the
/// ledger.</summary>
internal sealed class LiveHistory : IAsyncDisposable
{
    private const int MaxCaches = 2;
    private const int PutKeys = 8;
    private const int LinesTold = 40;
    private static readonly TimeSpan RestTimeout = TimeSpan.FromSeconds(90);

    private readonly HistoryRules _rules;
    private readonly LiveKafka _kafka;
    private readonly TemporaryDirectory? _spill;
    private readonly List<(KafkaCache<string, string> Cache, LiveReader Reader, ListLogger Log)> _caches = [];
    private readonly List<TestTransaction> _open = [];
    private readonly List<(CachePosition Position, string Key, string? Value)> _acknowledged = [];
    private bool _hasGrown;
    private int _looks;

    private LiveHistory(HistoryRules rules, LiveKafka kafka)
    {
        (_rules, _kafka) = (rules, kafka);
        _spill = rules.Spills ? new TemporaryDirectory() : null;
    }

    /// <returns>The number of times that a cache was compared with the log.</returns>
    /// <exception cref="HistoryFailedException">A guarantee was violated.</exception>
    public static async Task<int> PlayAsync(History history, LiveKafka kafka)
    {
        await using var play = new LiveHistory(history.Rules, kafka);
        var at = 0;
        try
        {
            await kafka.CreateAsync(history.Rules.Partitions);
            play.Start();
            for (; at < history.Steps.Count; at++)
                await play.TakeAsync(history.Steps[at]);
            play.Start();
            await play.RestAsync();
            return play._looks;
        }
        catch (Exception failure)
        {
            throw new HistoryFailedException(history, at, failure);
        }
    }

    public async ValueTask DisposeAsync()
    {
        _kafka.Mend();
        foreach (var transaction in _open)
            transaction.Dispose();
        while (_caches.Count > 0)
            await StopAsync(0);
        _spill?.Dispose();
    }

    private async Task TakeAsync(HistoryStep step)
    {
        var random = new Random(step.Seed);
        var cache = _caches[step.Which % _caches.Count].Cache;
        switch (step.Kind)
        {
            case StepKind.Produce:
                _kafka.Mend();
                await _kafka.ProduceAsync(Records(random), random);
                break;
            case StepKind.Begin when _open.Count < 2:
                _kafka.Mend();
                _open.Add(await _kafka.BeginAsync(Records(random), random));
                break;
            case StepKind.Commit or StepKind.Abort when _open.Count > 0:
                _kafka.Mend();
                await EndAsync(_open[step.Which % _open.Count], step.Kind == StepKind.Commit);
                break;
            case StepKind.Put or StepKind.Remove when !_hasGrown:
                await PutAsync(
                    cache, $"p{random.Next(PutKeys)}", step.Kind == StepKind.Put ? $"v{step.Seed}" : null, (PutWait)random.Next(2));
                break;
            case StepKind.DeleteRecords when _open.Count == 0:
                _kafka.Mend();
                await SettleAsync();
                var log = _kafka.Ledger.Partitions[step.Which % _kafka.Ledger.Partitions.Count];
                await _kafka.DeleteRecordsAsync(log.Number, log.LogStart + random.NextInt64(log.HighWatermark - log.LogStart + 1));
                break;
            case StepKind.Grow:
                _hasGrown |= await _kafka.GrowAsync();
                break;
            case StepKind.CreateTopic:
                await RecreateAsync(random.Next(1, 4));
                break;
            case StepKind.TroubleBrokers:
                _kafka.Trouble(random);
                break;
            case StepKind.MendBrokers:
                _kafka.Mend();
                break;
            case StepKind.StartCache when _caches.Count < MaxCaches:
                Start();
                break;
            case StepKind.StopCache when _caches.Count > 1:
                await StopAsync(step.Which % _caches.Count);
                break;
            case StepKind.CatchUp:
                await RestAsync();
                break;
        }
    }

    private List<(string Place, byte[]? Key, byte[]? Value, Flaw Flaw)> Records(Random random)
    {
        var records = new List<(string, byte[]?, byte[]?, Flaw)>();
        for (var i = random.Next(1, 12); i > 0; i--)
        {
            var record = RecordMaker.Next(random, _rules);
            if (record.Flaw == Flaw.NullKey && _rules.RefusesNullKeys)
                continue;

            // The pages of this store are larger than the brokers' maximum message size, so there are no oversize records.
            records.Add(record.Flaw == Flaw.Oversize ? record with { Flaw = Flaw.None } : record);
        }

        return records;
    }

    private async Task PutAsync(KafkaCache<string, string> cache, string key, string? value, PutWait wait)
    {
        PutResult result;
        try
        {
            result = value is null ? await cache.RemoveAsync(key, wait) : await cache.PutAsync(key, value, wait);
        }
        catch (PutException error)
        {
            if (error.Result is { } committed)
                Acknowledge(committed, key, value);
            return;
        }

        Acknowledge(result, key, value);
        // A cache that is not ready applies puts but can't be read yet.
        if (wait != PutWait.Applied || cache.Status.Phase is CachePhase.Starting or CachePhase.Replaying)
            return;
        var found = cache.TryGetEntry(key, out var entry);
        Assert.Equal(value, found ? entry.Value : null);
        Assert.True(!found || entry.Offset == result.Offset, $"{key} was put at offset {result.Offset}, and {entry.Offset} is read.");
    }

    private void Acknowledge(PutResult put, string key, string? value)
    {
        _acknowledged.Add((put.Position, key, value));
        _kafka.NotePut(put, key, value);
    }

    private async Task EndAsync(TestTransaction transaction, bool commit)
    {
        using (transaction)
        {
            _open.Remove(transaction);
            try
            {
                await (commit ? transaction.CommitAsync() : transaction.AbortAsync());
            }
            catch (KafkaException late) when (late.Error.Code is ErrorCode.Local_Fenced or ErrorCode.ProducerFenced
                or ErrorCode.InvalidProducerEpoch)
            {
                // On a slow machine, the transaction may have exceeded its timeout, so that the brokers have aborted it. Its outcome is
                // read from the log.
            }
        }
    }

    private async Task RecreateAsync(int partitions)
    {
        _kafka.Mend();
        while (_open.Count > 0)
            await EndAsync(_open[0], commit: true);
        foreach (var (_, reader, _) in _caches)
            reader.LogMayGoBack();
        await _kafka.RecreateAsync(partitions);
        _acknowledged.Clear();

        // The producer of a cache may still use the old number of partitions, so that a key would be in two partitions.
        _hasGrown = partitions != _rules.Partitions;
        await RestAsync();
    }

    private void Start()
    {
        var options = TestOptions.For(_kafka.BootstrapServers, _kafka.Topic);
        options.OnRecordError = _rules.Policy;
        options.Decode = _rules.DecodesOnReplay ? DecodeMode.OnReplay : DecodeMode.OnRead;
        options.ReuseInstances = _rules.ReusesInstances;
        options.Resolver = _rules.Options().Resolver;
        options.ReadBeforeReady = false;
        options.StaleAfter = TimeSpan.FromSeconds(2);
        options.PutTimeout = TimeSpan.FromSeconds(3);
        options.ApplyTimeout = TimeSpan.FromSeconds(30);
        options.Store.SpillDirectory = _spill?.Path;

        // The mock cluster's transaction markers have no CRC.
        options.Consumer = new ConsumerConfig { FetchWaitMaxMs = 10, CheckCrcs = false };
        var loggers = new ListLoggerFactory();
        var cache = KafkaCache.Create(options, loggers);
        _caches.Add((cache, new LiveReader(cache), loggers.Logger));
    }

    private async Task StopAsync(int which)
    {
        var (cache, reader, _) = _caches[which];
        _caches.RemoveAt(which);
        reader.Dispose();
        await cache.DisposeAsync();
    }

    private async Task SettleAsync()
    {
        await _kafka.SettleAsync(_rules);
        Assert.All(
            _acknowledged,
            put => Assert.True(_kafka.Has(put.Position, put.Key, put.Value), $"What was put at {put.Position} is not in the log."));
        _acknowledged.Clear();
    }

    /// <summary>Ends all faults and open transactions, and waits until every cache has the content of the ledger.</summary>
    private async Task RestAsync()
    {
        _kafka.Mend();
        while (_open.Count > 0)
            await EndAsync(_open[0], commit: _open.Count % 2 == 0);
        await SettleAsync();
        foreach (var (cache, reader, log) in _caches)
        {
            await RestAsync(cache, log);
            reader.LogStands();
        }
    }

    // The content is compared repeatedly, because a cache may still have the content of the previous topic at the same offsets.
    private async Task RestAsync(KafkaCache<string, string> cache, ListLogger log)
    {
        string? says = null;
        await Eventually.TrueAsync(
            async () =>
            {
                if (cache.Status.Phase == CachePhase.Faulted)
                    throw new InvalidOperationException("It has faulted.", cache.Status.Fault);
                try
                {
                    if (IsAtTheEnd(cache.Status))
                    {
                        LookAtContent(cache);
                        return true;
                    }
                }
                catch (XunitException differs)
                {
                    says = differs.Message;
                }

                // Kafka may write the markers of a transaction after it has responded to the producer.
                await _kafka.SettleAsync(_rules);
                return false;
            },
            "a cache holds what the ledger says",
            RestTimeout).ContinueWith(
                wait => wait.Exception is null ? wait : throw new InvalidOperationException(Describe(cache, says, log), wait.Exception),
                CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        _looks++;
    }

    private bool IsAtTheEnd(CacheStatus status) =>
        status.Phase == CachePhase.Ready && status.Partitions.Count == _kafka.Ledger.Partitions.Count
        && status.Partitions.All(partition => partition.Position == _kafka.Ledger.Partitions[partition.Partition].HighWatermark);

    private void LookAtContent(KafkaCache<string, string> cache)
    {
        var scanned = cache.Scan().ToDictionary(static pair => pair.Key, static pair => pair.Value, StringComparer.Ordinal);
        Assert.Equal(scanned.Count, cache.Count);
        var expected = 0;
        foreach (var partition in cache.Status.Partitions)
        {
            expected += ContentCheck.HoldAgainst(
                cache.TryGetEntry, scanned, _kafka.Ledger.Partitions[partition.Partition], partition.LogStart, partition.Position, _rules,
                new Dictionary<string, long>(StringComparer.Ordinal));
        }

        Assert.Equal(expected, scanned.Count);
    }

    private string Describe(KafkaCache<string, string> cache, string? says, ListLogger log)
    {
        var partitions = string.Join(
            ", ", cache.Status.Partitions.Select(static p => $"{p.Partition}: from {p.LogStart} at {p.Position} of {p.Target}"));
        var ends = string.Join(", ", _kafka.Ledger.Partitions.Select(static log => log.HighWatermark));
        return $"A cache does not come to hold what the ledger says: {cache.Status.Phase}, {partitions}; the logs end at {ends}; "
            + $"{cache.Status.Reason}; {says}; it logged:\n"
            + string.Join('\n', log.Lines.TakeLast(LinesTold).Select(static line => $"{line.Level} {line.Id}: {line.Text}"));
    }
}
