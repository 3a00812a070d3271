namespace KafkaCaching.Hybrid;

/// <summary>Tells what the queries over a hybrid cache have cost and saved. The status page asks the service of this type whose key is the
/// cache's name. It may be called from any number of threads at once.</summary>
public interface IQueryStatistics
{
    /// <summary>The queries that were run since the process started, by name and in no order.</summary>
    IReadOnlyList<QueryStatistics> Queries { get; }
}
