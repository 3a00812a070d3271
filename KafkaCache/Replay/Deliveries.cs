using KafkaCaching.Replay.Sources;

namespace KafkaCaching.Replay;

/// <summary>What the sources of a generation have delivered, applied or not. The replay thread writes; the watch on the topic
/// reads.</summary>
internal sealed class Deliveries(TimeProvider time)
{
    private long _records;
    private long _drained;
    private volatile Connections? _connections;

    /// <summary>Records handed over.</summary>
    public long Records => Volatile.Read(ref _records);

    /// <summary>When the source last had nothing more to hand over, by the clock's own timestamps. What has not come since then is not the
    /// source's doing: it may lie in the client's queue, or the queue may be too full to fetch it.</summary>
    public long Drained => Volatile.Read(ref _drained);

    /// <summary>What the present source's client says of its connections, if it does.</summary>
    public Connections? Connections => _connections;

    /// <summary>Replay thread. Another source delivers from here on.</summary>
    public void ComeFrom(IRecordSource source) => _connections = source.Connections;

    /// <summary>Replay thread.</summary>
    public void Took(RecordBatch batch)
    {
        Volatile.Write(ref _records, _records + batch.Records.Length);
        if (batch.LeavesNothing)
            Volatile.Write(ref _drained, time.GetTimestamp());
    }
}
