using KafkaCaching.Replay.Progress;
using KafkaCaching.Replay.Sources;
using KafkaCaching.Tests.Histories.Model;

namespace KafkaCaching.Tests.Histories.InMemory;

/// <summary>Reads the model as librdkafka reads a topic: no record at or above the last stable offset, no aborted records, an end of
/// partition at that offset, and an error if the position is out of range.</summary>
internal sealed class ModelSource : IRecordSource
{
    private readonly ModelKafka _kafka;
    private readonly ReadGeneration _generation;
    private readonly Lockstep _lockstep;
    private readonly bool _fetchesByTopicId;
    private readonly Action _woken;
    private readonly Fetch[] _fetches;
    private readonly RecordBatch _batch = new(MaxRecords);

    public const int MaxRecords = 1_000;

    public ModelSource(
        ModelKafka kafka, ReadGeneration generation, Lockstep lockstep, bool fetchesByTopicId, IReadOnlyList<PartitionProgress> from,
        Action woken)
    {
        (_kafka, _generation, _lockstep, _fetchesByTopicId, _woken) = (kafka, generation, lockstep, fetchesByTopicId, woken);
        _fetches = [.. from.Select(static partition => new Fetch(partition.Partition, partition.Position, partition.LeaderEpoch))];
    }

    public RecordSourceKind Kind => RecordSourceKind.Batches;

    public RecordBatch Take(TimeSpan wait)
    {
        _batch.Clear();
        if (_lockstep.NextTurn() is not { } turn || turn.Trouble == TurnTrouble.Silence)
            return _batch;
        for (var i = 0; i < _fetches.Length; i++)
            Read(_fetches[(turn.FirstPartition + i) % _fetches.Length], turn.Records);
        if (turn.Trouble == TurnTrouble.Noise)
            _batch.AddError(new SourceError(SourceErrorAction.Wait, -1, -1, "a broker is down"));
        if (turn.Trouble == TurnTrouble.Broken)
            _batch.AddError(new SourceError(SourceErrorAction.Reopen, -1, -1, "the consumer is beyond use"));
        return _batch;
    }

    public void Wake() => _woken();

    public long NextOffset(int partition) => -1; // The reported end of the partition contains it too.

    public long HighWatermark(int partition) => _fetches[partition].HighWatermark;

    public void Dispose()
    {
    }

    private void Read(Fetch fetch, int records)
    {
        if (_kafka.Topic is not { } topic || fetch.Partition >= topic.Partitions.Count)
        {
            _batch.AddError(new SourceError(SourceErrorAction.Wait, fetch.Partition, -1, "unknown topic or partition"));
            return;
        }

        var isForeign = topic != _generation.Topic;
        if (isForeign && _fetchesByTopicId)
        {
            _batch.AddError(new SourceError(SourceErrorAction.Wait, fetch.Partition, -1, "unknown topic ID"));
            return;
        }

        var log = topic.Partitions[fetch.Partition];
        if (fetch.Position < log.LogStart || fetch.Position > log.HighWatermark 
            || (!isForeign && (IsCut(fetch, log) || IsBeyondItsEpoch(fetch, log))))
        {
            _generation.GoesOutOfRange();
            _batch.AddError(new SourceError(SourceErrorAction.Rebuild, fetch.Partition, fetch.Position, "offset out of range"));
            return;
        }

        fetch.HighWatermark = log.HighWatermark;
        _generation.HasForeignRecords |= isForeign;
        Deliver(fetch, log, records);
    }

    private bool IsCut(Fetch fetch, ModelPartition log)
    {
        var read = _generation.Logs[fetch.Partition];
        if (read == log)
            return false;
        if (read.AgreesWith(log) < fetch.Position)
            return true;
        _generation.GoOver(log);
        return false;
    }

    // A client that starts after a record with a known leader epoch first asks the brokers where that epoch ends (KIP-320).
    private static bool IsBeyondItsEpoch(Fetch fetch, ModelPartition log)
    {
        var isBeyond = fetch.EpochBefore is { } epoch && log.EndOf(epoch) < fetch.Position;
        fetch.EpochBefore = null;
        return isBeyond;
    }

    private void Deliver(Fetch fetch, ModelPartition log, int records)
    {
        var before = _batch.Records.Length;
        DeliverRecords(fetch, log, records);
        if (_batch.Records.Length > before)
            _batch.AddEpoch(fetch.Partition, _batch.Records[^1].Offset, log.EpochAt(_batch.Records[^1].Offset));
    }

    private void DeliverRecords(Fetch fetch, ModelPartition log, int records)
    {
        var stable = log.LastStableOffset;
        foreach (var record in log.Records)
        {
            if (record.Offset < fetch.Position || record.Offset >= stable || record.IsCleaned || record.IsHidden)
                continue;
            if (records-- == 0 || _batch.IsFull)
                return;
            _batch.Add(new SourceRecord(fetch.Partition, record.Offset, record.TimestampMs, record.Key, record.Value, headers: null));
            fetch.Position = record.Offset + 1;
        }

        fetch.Position = Math.Max(fetch.Position, stable);
        if (fetch.EndSaid == fetch.Position)
            return;
        fetch.EndSaid = fetch.Position;
        _batch.AddEnd(fetch.Partition, fetch.Position);
    }

    private sealed class Fetch(int partition, long position, int? epochBefore)
    {
        public int Partition { get; } = partition;

        public long Position { get; set; } = position;

        /// <summary>The leader epoch of the record before the position; <see langword="null"/> once the brokers have been asked about
        /// it.</summary>
        public int? EpochBefore { get; set; } = epochBefore;

        public long EndSaid { get; set; } = -1;

        public long HighWatermark { get; set; } = -1;
    }
}
