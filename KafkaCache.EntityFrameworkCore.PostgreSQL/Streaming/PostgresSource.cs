using KafkaCaching.EntityFrameworkCore.PostgreSQL.Setup;
using Npgsql;

namespace KafkaCaching.EntityFrameworkCore.PostgreSQL.Streaming;

/// <summary>The change stream of a PostgreSQL database: ensure that the publication and the slot exist → free the slot → read, and send
/// probes.</summary>
internal sealed class PostgresSource(
    PostgresRelayOptions options, string topic, ChangedTables tables, string? ofContext, TimeProvider time)
    : IChangeSource
{
    // One connection for the setup and the queries of the stream, one for the probes, and one in reserve.
    private const int MaxConnections = 3;

    public string Name => options.Slot;

    public async Task RunAsync(ChangeSink sink, CancellationToken stop)
    {
        var connection = new NpgsqlConnectionStringBuilder(options.ConnectionString ?? ofContext ?? throw new ChangeSourceException(
            "There is no connection string. Set ConnectionString."))
        {
            ApplicationName = ReplicationSlot.ApplicationName(topic), MaxPoolSize = MaxConnections, MinPoolSize = 0, Enlist = false,
            Multiplexing = false,
        }.ConnectionString;
        await using var server = NpgsqlDataSource.Create(connection);

        // Creating a slot waits for all open transactions. The probe is noted first, so that the reported lag grows during this wait.
        sink.NoteProbeSent();
        try
        {
            var slot = new ReplicationSlot(server, connection, topic, options, time);
            var publication = new Publication(server, options, tables);
            var found = await new PostgresSetup(server, publication, slot, options, sink).EnsureAsync(stop).ConfigureAwait(false);
            await slot.FreeAsync(stop).ConfigureAwait(false);
            await ReadAsync(server, connection, publication, found, sink, stop).ConfigureAwait(false);
        }
        catch (PostgresException refused) when (PostgresFaults.Of(refused, options) is not null)
        {
            throw PostgresFaults.Of(refused, options)!;
        }
    }

    // If one of the two tasks ends, the other one is cancelled, and the relay begins again with the setup.
    private async Task ReadAsync(
        NpgsqlDataSource server, string connection, Publication publication, string found, ChangeSink sink, CancellationToken stop)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var stream = new ChangeStream(server, connection, options, tables, sink, time);
        var probes = new Probes(server, options, stream, sink, time);
        Task[] both = [stream.ReadAsync(ended.Token), probes.SendWhileAsync(publication, found, ended.Token)];
        var first = await Task.WhenAny(both).ConfigureAwait(false);
        await ended.CancelAsync().ConfigureAwait(false);
        await Task.WhenAll(both).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await first.ConfigureAwait(false);
    }
}
