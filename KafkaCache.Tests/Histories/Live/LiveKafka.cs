using System.Text;
using KafkaCaching.Tests.Brokers;
using KafkaCaching.Tests.Histories.Model;

namespace KafkaCaching.Tests.Histories.Live;

/// <summary>A topic on brokers that answer over a socket, and the ledger of what they acknowledged.</summary>
internal abstract class LiveKafka(string bootstrapServers) : IDisposable
{
    private TestKafka _kafka = new(bootstrapServers);

    public string BootstrapServers { get; } = bootstrapServers;

    public string Topic { get; } = TestKafka.UniqueTopic("history");

    /// <summary>What the log holds.</summary>
    public ModelTopic Ledger { get; private set; } = new("", 1);

    /// <summary>Whether records go that later ones supersede.</summary>
    public virtual bool Cleans => false;

    protected TestKafka Kafka => _kafka;

    public async Task CreateAsync(int partitions)
    {
        await CreateTopicAsync(partitions);
        Ledger = new ModelTopic("", partitions);
    }

    public async Task RecreateAsync(int partitions)
    {
        // Another producer writes to the topic that is made again: the old one goes by what it knew, and may itself bring back a topic that
        // it finds deleted.
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

    /// <summary>The records of a transaction are told their offsets by reading the log: see <see cref="SettleAsync"/>.</summary>
    public Task<TestTransaction> BeginAsync(IReadOnlyList<(string Place, byte[]? Key, byte[]? Value, Flaw Flaw)> records, Random random) =>
        _kafka.BeginTransactionAsync(Topic, Place(records, random));

    /// <summary>What a put wrote. Where nothing is cleaned the ledger takes it from the log: the mock cluster acknowledges another time
    /// than it stores.</summary>
    public void NotePut(PutResult put, string key, string? value)
    {
        if (Cleans)
            Note(
                put.Partition, put.Offset, put.Timestamp.ToUnixTimeMilliseconds(), Encoding.UTF8.GetBytes(key),
                value is null ? null : Encoding.UTF8.GetBytes(value), Flaw.None);
    }

    /// <summary>Whether the ledger has this record at its place.</summary>
    public bool Has(CachePosition position, string key, string? value) => Ledger.Partitions[position.Partition].Records.Any(
        record => record.Offset == position.Offset && Is(record.Key, key) && Is(record.Value, value));

    public async Task DeleteRecordsAsync(int partition, long before)
    {
        await DeleteRecordsBeforeAsync(partition, before);
        Ledger.Partitions[partition].DeleteBefore(before);
    }

    /// <summary>Brings the ledger up to the end of each log: what transactions and puts of unknown outcome wrote, and the offsets of
    /// markers.</summary>
    public async Task SettleAsync(HistoryRules rules)
    {
        foreach (var record in await _kafka.ReadAllAsync(Topic, Ledger.Partitions.Count))
            Note(
                record.Partition, record.Offset, record.Message.Timestamp.UnixTimestampMs, record.Message.Key, record.Message.Value,
                RecordMaker.FlawOf(record.Message.Key, record.Message.Value, rules));
        foreach (var log in Ledger.Partitions)
            log.PassTo(await _kafka.EndOffsetAsync(Topic, log.Number));
    }

    /// <returns>Whether it has.</returns>
    public virtual Task<bool> GrowAsync() => Task.FromResult(false);

    /// <summary>Something goes wrong with the brokers, until <see cref="Mend"/>.</summary>
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
