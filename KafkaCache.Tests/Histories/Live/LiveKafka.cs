using System.Text;
using KafkaCaching.Tests.Brokers;
using KafkaCaching.Tests.Histories.Model;

namespace KafkaCaching.Tests.Histories.Live;

/// <summary>A topic on brokers that are accessed over the network, and a ledger of the acknowledged records.</summary>
internal abstract class LiveKafka(string bootstrapServers) : IDisposable
{
    private TestKafka _kafka = new(bootstrapServers);

    public string BootstrapServers { get; } = bootstrapServers;

    public string Topic { get; } = TestKafka.UniqueTopic("history");

    /// <summary>The expected content of the log.</summary>
    public ModelTopic Ledger { get; private set; } = new("", 1);

    /// <summary>Whether the brokers compact the topic.</summary>
    public virtual bool Cleans => false;

    protected TestKafka Kafka => _kafka;

    public async Task CreateAsync(int partitions)
    {
        await CreateTopicAsync(partitions);
        Ledger = new ModelTopic("", partitions);
    }

    public async Task RecreateAsync(int partitions)
    {
        // The producer is replaced too. The old one has outdated metadata, and might create the deleted topic again.
        _kafka.Dispose();
        _kafka = new TestKafka(BootstrapServers);
        await DeleteTopicAsync();
        await CreateAsync(partitions);
    }

    public async Task ProduceAsync(IReadOnlyList<(string Place, byte[]? Key, byte[]? Value, Flaw Flaw)> records, Random random)
    {
        var results = await _kafka.ProduceAsync(Topic, Place(records, random));
        for (var i = 0; Cleans && i < records.Count; i++)
            Note(
                results[i].Partition, results[i].Offset, results[i].Timestamp.UnixTimestampMs, records[i].Key, records[i].Value,
                records[i].Flaw);
    }

    /// <summary>Begins a transaction. <see cref="SettleAsync"/> reads the offsets of its records from the log.</summary>
    public Task<TestTransaction> BeginAsync(IReadOnlyList<(string Place, byte[]? Key, byte[]? Value, Flaw Flaw)> records, Random random) =>
        _kafka.BeginTransactionAsync(Topic, Place(records, random));

    /// <summary>Adds the record of a put to the ledger. Without compaction, the record is read from the log instead, because the mock
    /// cluster acknowledges another timestamp than it stores.</summary>
    public void NotePut(PutResult put, string key, string? value)
    {
        if (Cleans)
            Note(
                put.Partition, put.Offset, put.Timestamp.ToUnixTimeMilliseconds(), Encoding.UTF8.GetBytes(key),
                value is null ? null : Encoding.UTF8.GetBytes(value), Flaw.None);
    }

    /// <summary>Whether the ledger has this record at the position.</summary>
    public bool Has(CachePosition position, string key, string? value) => Ledger.Partitions[position.Partition].Records.Any(
        record => record.Offset == position.Offset && Is(record.Key, key) && Is(record.Value, value));

    public async Task DeleteRecordsAsync(int partition, long before)
    {
        await DeleteRecordsBeforeAsync(partition, before);
        Ledger.Partitions[partition].DeleteBefore(before);
    }

    /// <summary>Reads each log to its end and adds every record that the ledger lacks: without compaction all records, otherwise those of
    /// transactions and of puts with an unknown outcome. The end of each partition then includes the transaction markers.</summary>
    public async Task SettleAsync(HistoryRules rules)
    {
        foreach (var record in await _kafka.ReadAllAsync(Topic, Ledger.Partitions.Count))
            Note(
                record.Partition, record.Offset, record.Message.Timestamp.UnixTimestampMs, record.Message.Key, record.Message.Value,
                RecordMaker.FlawOf(record.Message.Key, record.Message.Value, rules));
        foreach (var log in Ledger.Partitions)
            log.PassTo(await _kafka.EndOffsetAsync(Topic, log.Number));
    }

    /// <returns>Whether a partition was added.</returns>
    public virtual Task<bool> GrowAsync() => Task.FromResult(false);

    /// <summary>Injects a fault, which lasts until <see cref="Mend"/>.</summary>
    public virtual void Trouble(Random random)
    {
    }

    public virtual void Mend()
    {
    }

    public virtual void Dispose() => _kafka.Dispose();

    protected abstract Task CreateTopicAsync(int partitions);

    protected abstract Task DeleteTopicAsync();

    protected abstract Task DeleteRecordsBeforeAsync(int partition, long before);

    private List<TestRecord> Place(IReadOnlyList<(string Place, byte[]? Key, byte[]? Value, Flaw Flaw)> records, Random random) =>
        [
            .. records.Select(record => new TestRecord(record.Key, record.Value)
            {
                Partition = Ledger.PartitionOf(record.Place, random).Number,
            }),
        ];

    private static bool Is(byte[]? bytes, string? text) =>
        bytes is null ? text is null : text is not null && Encoding.UTF8.GetString(bytes) == text;

    private void Note(int partition, long offset, long timestampMs, byte[]? key, byte[]? value, Flaw flaw) =>
        Ledger.Partitions[partition].Note(new ModelRecord(partition, offset, timestampMs, key, value, flaw, transaction: null));
}
