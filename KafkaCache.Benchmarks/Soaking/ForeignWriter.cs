using System.Globalization;
using System.Text;
using Confluent.Kafka;

namespace KafkaCaching.Benchmarks.Soaking;

/// <summary>A writer that uses plain Kafka clients and not the cache. It writes batches, transactions that commit or abort, and on some
/// topics bad records.</summary>
internal sealed class ForeignWriter(SoakTopic topic, string bootstrapServers, int writer, SoakFigures figures, Random random) : Writer
{
    private const int BadKeys = 50;
    private const int HeldRecords = 50;
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(20);

    private IProducer<byte[]?, byte[]?> _producer = SoakClients.Producer(bootstrapServers);
    private IProducer<byte[]?, byte[]?>? _transactional;
    private long _sequence;

    protected override TimeSpan Rest => TimeSpan.FromMilliseconds(random.Next(50, 250));

    /// <summary>Writes each of the <see cref="SoakKeys.Churned"/> keys once.</summary>
    public void Fill() => Try(() =>
    {
        var log = topic.Log.Now;
        for (var number = 0; number < SoakKeys.Churned; number++)
            Produce(_producer, log, number, isToBeAborted: false);
        _producer.Flush(Timeout);
    });

    /// <summary>Writes a record with the marker's key. An instance that returns this record, or a later one of the key, has read the
    /// partition at least up to it.</summary>
    /// <returns>The marker's sequence number, or <see langword="null"/> if it is not known to be in the log.</returns>
    public async Task<long?> MarkAsync()
    {
        var log = topic.Log.Now;
        var value = Next(log, SoakKeys.Marker, isToBeAborted: false);
        try
        {
            await _producer.ProduceAsync(
                topic.Name,
                new Message<byte[]?, byte[]?> { Key = Encoding.UTF8.GetBytes(log.Keys[SoakKeys.Marker]), Value = value.ToBytes() });
            return value.Sequence;
        }
        catch (ProduceException<byte[]?, byte[]?>)
        {
            return null;
        }
    }

    /// <summary>Writes tombstones to the partitions in which the entries are, even if the partitioner would now choose others.</summary>
    public void RemoveAt(IEnumerable<(string Key, int Partition)> entries) => Try(() =>
    {
        foreach (var (key, partition) in entries)
            Produce(_producer, new TopicPartition(topic.Name, partition), Encoding.UTF8.GetBytes(key), value: null);
        _producer.Flush(Timeout);
    });

    /// <summary>Replaces the producers, so that they use the current topic. It must not be called while the writer writes.</summary>
    public void RenewProducer()
    {
        _producer.Dispose();
        _producer = SoakClients.Producer(bootstrapServers);
        _transactional?.Dispose();
        _transactional = null;
    }

    /// <summary>Leaves a transaction open for some time.</summary>
    public async Task HoldTransactionAsync(TimeSpan time, bool commit)
    {
        using var producer = SoakClients.Producer(bootstrapServers, $"{topic.Name}-{writer}-held");
        if (!await Task.Run(() => Try(() => WriteHeld(producer, commit))))
            return;
        await Task.Delay(time);
        await Task.Run(() => Try(() => End(producer, commit)));
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        _producer.Dispose();
        _transactional?.Dispose();
    }

    protected override Task StepAsync() => Task.Run(() => Try(Step));

    // The log shows the outcome of a failed write, and only the content of the log is checked.
    private bool Try(Action write)
    {
        try
        {
            write();
            return true;
        }
        catch (KafkaException failed)
        {
            figures.Operations.Add(string.Create(CultureInfo.InvariantCulture, $"foreign writes that failed ({failed.Error.Code})"));
            _transactional?.Dispose();
            _transactional = null;
            return false;
        }
    }

    private void Step()
    {
        switch (random.Next(10))
        {
            case < 5:
                WriteBatch();
                break;
            case < 7:
                WriteTransaction(commit: true);
                break;
            case < 9:
                WriteTransaction(commit: false);
                break;
            default:
                if (topic.TakesBadRecords)
                    WriteBadRecords();
                break;
        }
    }

    private void WriteBatch()
    {
        var log = topic.Log.Now;
        var records = random.Next(100, 800);
        for (var i = 0; i < records; i++)
            ProduceOrRemove(_producer, log, isToBeAborted: false);
        _producer.Flush(Timeout);
        figures.Operations.Add("foreign records", records);
    }

    private void WriteTransaction(bool commit)
    {
        if (_transactional is null)
        {
            _transactional = SoakClients.Producer(bootstrapServers, $"{topic.Name}-{writer}");
            _transactional.InitTransactions(Timeout);
        }

        _transactional.BeginTransaction();
        var log = topic.Log.Now;
        var records = random.Next(20, 200);
        for (var i = 0; i < records; i++)
        {
            if (commit)
                ProduceOrRemove(_transactional, log, isToBeAborted: false);
            else
                Produce(_transactional, log, SoakKeys.NextShared(random), isToBeAborted: true);
        }

        End(_transactional, commit);
        figures.Operations.Add(commit ? "foreign transactions committed" : "foreign transactions aborted");
    }

    private void WriteHeld(IProducer<byte[]?, byte[]?> producer, bool commit)
    {
        producer.InitTransactions(Timeout);
        producer.BeginTransaction();
        var log = topic.Log.Now;
        for (var i = 0; i < HeldRecords; i++)
            Produce(producer, log, SoakKeys.NextShared(random), isToBeAborted: !commit);
        producer.Flush(Timeout);
    }

    private static void End(IProducer<byte[]?, byte[]?> producer, bool commit)
    {
        if (commit)
            producer.CommitTransaction(Timeout);
        else
            producer.AbortTransaction(Timeout);
    }

    private void WriteBadRecords()
    {
        var log = topic.Log.Now;
        for (var i = 0; i < 10; i++)
        {
            var number = SoakKeys.NextShared(random);
            var spoilt = Next(log, number, isToBeAborted: false).ToBytes();
            spoilt[^1] ^= 1;
            Produce(_producer, Anywhere, Encoding.UTF8.GetBytes(log.Keys[number]), spoilt);
        }

        Produce(_producer, Anywhere, [0xFF, 0xFE, (byte)random.Next(BadKeys)], [1, 2, 3]); // The key is not UTF-8.
        _producer.Flush(Timeout);
        figures.Operations.Add("foreign bad records", 11);
    }

    private void ProduceOrRemove(IProducer<byte[]?, byte[]?> producer, LogState log, bool isToBeAborted)
    {
        var number = SoakKeys.NextShared(random);
        if (random.Next(10) == 0)
            Produce(producer, Anywhere, Encoding.UTF8.GetBytes(log.Keys[number]), value: null);
        else
            Produce(producer, log, number, isToBeAborted);
    }

    private void Produce(IProducer<byte[]?, byte[]?> producer, LogState log, int number, bool isToBeAborted) =>
        Produce(producer, Anywhere, Encoding.UTF8.GetBytes(log.Keys[number]), Next(log, number, isToBeAborted).ToBytes());

    private TopicPartition Anywhere => new(topic.Name, Partition.Any);

    private static void Produce(IProducer<byte[]?, byte[]?> producer, TopicPartition where, byte[] key, byte[]? value) =>
        producer.Produce(where, new Message<byte[]?, byte[]?> { Key = key, Value = value });

    private SoakValue Next(LogState log, int number, bool isToBeAborted) =>
        new(log.Layout, number, writer, ++_sequence, isToBeAborted, random.Next(SoakValue.MinLength, SoakValue.MaxLength + 1));
}
