using Npgsql;

namespace KafkaCaching.EntityFrameworkCore.PostgreSQL.Setup;

/// <summary>Checks and creates everything that the stream needs: the server's settings → the publication → the slot.</summary>
internal sealed class PostgresSetup(
    NpgsqlDataSource server, Publication publication, ReplicationSlot slot, PostgresRelayOptions options, ChangeSink sink)
{
    private const int OldestVersion = 14;
    private const string PublicationChanged = "the publication was incomplete";

    /// <returns>The complete publication: <see cref="Publication.DescribeAsync"/>.</returns>
    /// <exception cref="ChangeSourceException">Something is missing, and the options or the role don't allow creating it.</exception>
    public async Task<string> EnsureAsync(CancellationToken stop)
    {
        await RequireServerAsync(stop).ConfigureAwait(false);
        var found = await publication.DescribeAsync(stop).ConfigureAwait(false);
        var mend = await publication.FindMendAsync(stop).ConfigureAwait(false);
        var fault = await slot.FindFaultAsync(stop).ConfigureAwait(false);
        if (mend is null && fault is null)
            return found;
        Require(mend, fault);

        // The server decodes its log with the publication as it was at each position. So the slot will never report the changes that the
        // publication left out, and a new slot is needed. The old slot is dropped first and the new one is created last: if this is
        // interrupted, there is no slot, and the next attempt repeats all steps.
        await slot.DropAsync(stop).ConfigureAwait(false);
        if (mend is not null)
            await server.ExecuteAsync(mend, stop).ConfigureAwait(false);
        await slot.CreateAsync(
            () => sink.ClearAsync(fault?.Why ?? PublicationChanged, stop), stop).ConfigureAwait(false);
        return await publication.DescribeAsync(stop).ConfigureAwait(false);
    }

    private async Task RequireServerAsync(CancellationToken stop)
    {
        var (version, level, isReplica) = await server.ReadOneAsync(
            "SELECT current_setting('server_version_num')::int / 10000, current_setting('wal_level'), pg_is_in_recovery()",
            static row => (row.GetInt32(0), row.GetString(1), row.GetBoolean(2)), stop).ConfigureAwait(false);
        if (version < OldestVersion)
            throw new ChangeSourceException($"The server is PostgreSQL {version}, and {OldestVersion} is the oldest supported version.");
        if (level != "logical")
            throw new ChangeSourceException(
                $"The server's wal_level is {level}. Run ALTER SYSTEM SET wal_level = 'logical', and restart the server.");
        if (isReplica)
            throw new ChangeSourceException("The server is a replica. Set ConnectionString to that of the primary.");
    }

    private void Require(string? mend, SlotFault? fault)
    {
        if (options.CreateMissing)
            return;
        string[] commands = [
            .. fault is { Exists: false } ? Array.Empty<string>() : [$"SELECT pg_drop_replication_slot('{options.Slot}')"],
            .. mend is null ? Array.Empty<string>() : [mend],
            $"SELECT pg_create_logical_replication_slot('{options.Slot}', 'pgoutput')",
        ];
        throw new ChangeSourceException(
            $"{fault?.Why ?? PublicationChanged}. Set CreateMissing, or run {string.Join("; ", commands)} and call InvalidateAllAsync "
            + "once.");
    }
}
