namespace KafkaCaching.Snapshots.Format;

/// <summary>Thrown when a snapshot can't be used. The cache then replays the whole topic.</summary>
internal sealed class SnapshotException(ColdStartReason reason, string problem, Exception? cause = null) : Exception(problem, cause)
{
    public ColdStartReason Reason => reason;
}
