namespace KafkaCaching.Snapshots.Format;

/// <summary>A snapshot can't be used. The cache starts cold.</summary>
internal sealed class SnapshotException(ColdStartReason reason, string problem, Exception? cause = null) : Exception(problem, cause)
{
    public ColdStartReason Reason => reason;
}
