using KafkaCaching.EntityFrameworkCore.PostgreSQL.Setup;
using Npgsql;

namespace KafkaCaching.EntityFrameworkCore.PostgreSQL.Streaming;

/// <summary>Waits until a transaction is visible to readers of the database.</summary>
/// <remarks>The server sends a transaction as soon as its commit is in the log, and makes it visible to readers slightly later; with a
/// synchronous replica, only after the replica has confirmed it. If the mark were written in between, a result that is read from the old
/// rows after the mark would never be invalidated.</remarks>
internal sealed class Visibility(NpgsqlDataSource server, TimeProvider time)
{
    private static readonly TimeSpan Turn = TimeSpan.FromMilliseconds(2);

    // Transaction IDs have 32 bits in the stream and wrap around.
    private const string Running =
        """
        SELECT (pg_snapshot_xmax(s)::text::bigint % 4294967296)::bigint,
               ARRAY(SELECT (x::text::bigint % 4294967296)::bigint FROM pg_snapshot_xip(s) x)
        FROM pg_current_snapshot() s
        """;

    public async Task WaitAsync(IReadOnlyCollection<uint> transactions, CancellationToken stop)
    {
        while (transactions.Count > 0)
        {
            var (next, running) = await server.ReadOneAsync(
                Running, static row => ((uint)row.GetInt64(0), row.GetFieldValue<long[]>(1)), stop).ConfigureAwait(false);
            if (transactions.All(one => IsBefore(one, next) && !running.Contains(one)))
                return;
            await Task.Delay(Turn, time, stop).ConfigureAwait(false);
        }
    }

    private static bool IsBefore(uint transaction, uint next) => unchecked((int)(transaction - next)) < 0;
}
