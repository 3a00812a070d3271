using KafkaCaching.Replay.Sources;

namespace KafkaCaching.Replay;

/// <summary>Counts the records that the sources of a generation have delivered, whether or not they have been applied yet. The replay
/// thread writes the counts, and the topic poller reads them.</summary>
internal sealed class Deliveries(TimeProvider time)
{
    private long _records;
    private long _drained;
    private volatile Connections? _connections;

    public long Records => Volatile.Read(ref _records);

    /// <summary>When the source last had nothing more to deliver, as a timestamp of the clock. If records have not been delivered since
    /// then, this does not show that the source has failed: they may be in the client's queue, or may not be fetched because the queue is
    /// full.</summary>
    public long Drained => Volatile.Read(ref _drained);

    /// <summary>The state of the connections of the current source's client, if the client reports it.</summary>
    public Connections? Connections => _connections;

    /// <summary>Records that another source delivers from now on. Called on the replay thread only.</summary>
    public void ComeFrom(IRecordSource source) => _connections = source.Connections;

    /// <summary>Counts a batch. Called on the replay thread only.</summary>
    public void Took(RecordBatch batch)
    {
        Volatile.Write(ref _records, _records + batch.Records.Length);
        if (batch.LeavesNothing)
            Volatile.Write(ref _drained, time.GetTimestamp());
    }
}
