using KafkaCaching.EntityFrameworkCore.PostgreSQL.Setup;
using Npgsql;

namespace KafkaCaching.EntityFrameworkCore.PostgreSQL.Streaming;

/// <summary>Explains errors of the server and how to fix their causes.</summary>
internal static class PostgresFaults
{
    /// <returns>The explanation; <see langword="null"/> if there is none beyond the server's message.</returns>
    public static ChangeSourceException? Of(PostgresException refused, PostgresRelayOptions options) => refused.SqlState switch
    {
        PostgresErrorCodes.InsufficientPrivilege => new ChangeSourceException(
            $"The role lacks a privilege: {refused.MessageText}. To read the log, it needs ALTER ROLE ... REPLICATION (on a hosted server, "
            + $"GRANT of its replication role). To create the publication {Sql.Quote(options.Publication)}, it must own the tables and "
            + "needs GRANT CREATE ON DATABASE; otherwise, let the owner of the tables create the publication.",
            refused),
        PostgresErrorCodes.ConfigurationLimitExceeded or PostgresErrorCodes.TooManyConnections => new ChangeSourceException(
            $"The server has reached a limit: {refused.MessageText}. Raise max_replication_slots or max_wal_senders (each slot is copied "
            + "from a second one when it is created), and restart the server.",
            refused),
        _ => null,
    };
}
