using KafkaCaching.Hybrid;

namespace KafkaCaching.EntityFrameworkCore;

/// <summary>A commit was refused because the cache could not announce it to the other processes
/// (<see cref="KafkaEfInvalidation.AroundCommit"/>). The database has not been changed: a statement outside a transaction was not sent, and
/// a transaction was not committed.</summary>
public sealed class CommitRefusedException : KafkaCacheException
{
    internal CommitRefusedException(string message, Exception cause)
        : base(message, cause)
    {
    }
}
