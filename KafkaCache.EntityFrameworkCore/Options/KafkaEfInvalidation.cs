namespace KafkaCaching.EntityFrameworkCore;

/// <summary>When a commit invalidates the results that it has changed.</summary>
public enum KafkaEfInvalidation
{
    /// <summary>After the commit. If the process dies between the two, other processes serve the old results until they expire.</summary>
    AfterCommit,

    /// <summary>Around the commit: it is announced before, and completed after. In between, and until the announcement of a process that
    /// has died is settled, the changed rows are read from the database. The commit is refused if it can't be announced.</summary>
    AroundCommit,
}
