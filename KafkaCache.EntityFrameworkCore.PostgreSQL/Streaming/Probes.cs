using KafkaCaching.EntityFrameworkCore.PostgreSQL.Setup;
using Npgsql;
using NpgsqlTypes;

namespace KafkaCaching.EntityFrameworkCore.PostgreSQL.Streaming;

/// <summary>Writes a message to the server's log at regular intervals. The log grows with the changes of all databases, but the stream
/// contains only those of the published tables. Without the messages, the slot's position would not advance while these tables don't
/// change, and the server would retain the whole log.</summary>
internal sealed class Probes(
    NpgsqlDataSource server, PostgresRelayOptions options, ChangeStream stream, ChangeSink sink, TimeProvider time)
{
    /// <summary>The prefix by which a stream recognizes its own messages.</summary>
    public static string PrefixOf(PostgresRelayOptions options) => $"kafkacache.{options.Slot}";

    /// <summary>Sends probes until the publication is no longer as it was found.</summary>
    public async Task SendWhileAsync(Publication publication, string found, CancellationToken stop)
    {
        while (await publication.DescribeAsync(stop).ConfigureAwait(false) == found)
        {
            sink.NoteProbeSent();

            // The message is transactional, because a commit flushes it to disk. A message outside a transaction might remain in the
            // server's memory.
            var end = await server.ReadOneAsync(
                "SELECT pg_current_wal_lsn() FROM pg_logical_emit_message(true, $1, '')",
                static row => row.GetFieldValue<NpgsqlLogSequenceNumber>(0), stop, PrefixOf(options)).ConfigureAwait(false);
            if (stream.Acknowledged is { } acknowledged)
                sink.SetLagBytes(Math.Max(0, (long)((ulong)end - (ulong)acknowledged)));
            await Task.Delay(options.ProbeInterval, time, stop).ConfigureAwait(false);
        }
    }
}
