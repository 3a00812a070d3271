using KafkaCaching.EntityFrameworkCore.PostgreSQL.Setup;
using Npgsql;
using NpgsqlTypes;

namespace KafkaCaching.EntityFrameworkCore.PostgreSQL.Streaming;

/// <summary>Writes a message to the server's log now and then. The log grows by the changes of all databases, of which the stream tells
/// nothing; so without the messages, the slot would keep all of it.</summary>
internal sealed class Probes(
    NpgsqlDataSource server, PostgresRelayOptions options, ChangeStream stream, ChangeSink sink, TimeProvider time)
{
    /// <summary>The prefix by which a stream knows its own messages.</summary>
    public static string PrefixOf(PostgresRelayOptions options) => $"kafkacache.{options.Slot}";

    public async Task SendAsync(CancellationToken stop)
    {
        while (true)
        {
            sink.NoteProbeSent();

            // A transaction is written out when it is committed; a message alone may lie in the server's memory.
            var end = await server.ReadOneAsync(
                "SELECT pg_current_wal_lsn() FROM pg_logical_emit_message(true, $1, '')",
                static row => row.GetFieldValue<NpgsqlLogSequenceNumber>(0), stop, PrefixOf(options)).ConfigureAwait(false);
            if (stream.Acknowledged is { } acknowledged)
                sink.SetLagBytes(Math.Max(0, (long)((ulong)end - (ulong)acknowledged)));
            await Task.Delay(options.ProbeInterval, time, stop).ConfigureAwait(false);
        }
    }
}
