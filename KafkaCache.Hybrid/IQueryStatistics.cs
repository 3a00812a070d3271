namespace KafkaCaching.Hybrid;

/// <summary>Reports the costs and savings of the queries over a hybrid cache. The status page uses the service of this type that is
/// registered with the cache's name as the key. The service may be called from any number of threads at once.</summary>
public interface IQueryStatistics
{
    /// <summary>The statistics of each query that has run since the process started, in no particular order.</summary>
    IReadOnlyList<QueryStatistics> Queries { get; }
}
