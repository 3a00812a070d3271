namespace KafkaCaching.EntityFrameworkCore.Diagnostics;

/// <summary>How a read of a cached query ended. The names in lower case are the values of the tag <c>outcome</c>.</summary>
internal enum QueryOutcome
{
    /// <summary>The cache had the rows.</summary>
    Hit,

    /// <summary>The cache did not have the rows, so the database was read.</summary>
    Miss,

    /// <summary>The database was read, because the cache was not to be used.</summary>
    Bypassed,
}
