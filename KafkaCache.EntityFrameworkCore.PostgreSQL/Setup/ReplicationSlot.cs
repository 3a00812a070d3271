using Npgsql;

namespace KafkaCaching.EntityFrameworkCore.PostgreSQL.Setup;

/// <summary>The replication slot, in which the server keeps the position in its log.</summary>
internal sealed class ReplicationSlot(
    NpgsqlDataSource server, string connection, string topic, PostgresRelayOptions options, TimeProvider time)
{
    private const string Plugin = "pgoutput";

    // The server truncates longer application names.
    private const int MaxNameLength = 63;

    private static readonly TimeSpan Turn = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>The application name by which the relays of one cache recognize each other. If two caches shared a slot, each would miss
    /// the changes that the other one has read.</summary>
    public static string ApplicationName(string topic)
    {
        var name = $"kafkacache {topic}";
        return name[..Math.Min(name.Length, MaxNameLength)];
    }

    /// <returns>Why reading can't continue from the slot; <see langword="null"/> if it can.</returns>
    /// <exception cref="ChangeSourceException">The slot belongs to another program.</exception>
    public async Task<SlotFault?> FindFaultAsync(CancellationToken stop)
    {
        if (await FindAsync(options.Slot, stop).ConfigureAwait(false) is not { } slot)
            return new SlotFault($"there is no slot {options.Slot}", Exists: false);
        if (slot.Plugin != Plugin || !slot.IsOfDatabase)
            throw new ChangeSourceException(
                $"The slot {options.Slot} belongs to another database, or has another plugin than {Plugin}. Set Slot to a name that "
                + "nothing else uses.");
        return slot.IsLost
            ? new SlotFault(
                $"the server has dropped log that the slot {options.Slot} had not read yet, because of max_slot_wal_keep_size",
                Exists: true)
            : null;
    }

    /// <summary>Ends the server process of an earlier relay that still has the slot, because that relay is suspended or disconnected.
    /// Otherwise, the slot would remain in use until <c>wal_sender_timeout</c> has passed.</summary>
    /// <exception cref="ChangeSourceException">Another program reads the slot.</exception>
    public Task FreeAsync(CancellationToken stop) => FreeAsync(options.Slot, stop);

    private async Task FreeAsync(string name, CancellationToken stop)
    {
        var started = time.GetTimestamp();
        while (await FindAsync(name, stop).ConfigureAwait(false) is { HolderId: { } holder } slot)
        {
            if (slot.HolderName is not null && slot.HolderName != ApplicationName(topic))
                throw new ChangeSourceException(
                    $"The slot {name} is read by another program, '{slot.HolderName}'. Set Slot to a name that nothing else uses.");
            if (time.GetElapsedTime(started) > Patience)
                throw new ChangeSourceException($"The slot {name} is still read by the server's process {holder}.");
            await server.ReadAsync("SELECT pg_terminate_backend($1)", static row => row.GetBoolean(0), stop, holder).ConfigureAwait(false);
            await Task.Delay(Turn, time, stop).ConfigureAwait(false);
        }
    }

    public async Task DropAsync(CancellationToken stop)
    {
        await FreeAsync(stop).ConfigureAwait(false);
        await server.ReadAsync(
            "SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots WHERE slot_name = $1", static _ => true, stop,
            options.Slot).ConfigureAwait(false);
    }

    /// <summary>Creates the slot. The stream contains only the changes after the slot's start, so <paramref name="begun"/> invalidates
    /// everything.</summary>
    /// <remarks>Until everything is invalidated, the cache may contain results that are older than the slot's start. So the permanent slot
    /// must not exist before the invalidation: the slot is created as a temporary slot, which is dropped when the connection closes, and is
    /// copied to a permanent one afterwards. If a relay finds the permanent slot, everything was invalidated after the slot's
    /// start.</remarks>
    public async Task CreateAsync(Func<Task> begun, CancellationToken stop)
    {
        var temporary = $"{options.Slot}_new";
        await FreeAsync(temporary, stop).ConfigureAwait(false); // An earlier relay may have died while it created the slot.
        await using var own = new NpgsqlConnection(
            new NpgsqlConnectionStringBuilder(connection) { Pooling = false }.ConnectionString);
        await own.OpenAsync(stop).ConfigureAwait(false);

        // This waits until the open transactions have ended.
        await own.RunAsync("SELECT pg_create_logical_replication_slot($1, $2, true)", stop, temporary, Plugin).ConfigureAwait(false);
        await begun().ConfigureAwait(false);
        await own.RunAsync("SELECT pg_copy_logical_replication_slot($1, $2, false)", stop, temporary, options.Slot).ConfigureAwait(false);
    }

    private async Task<Found?> FindAsync(string name, CancellationToken stop)
    {
        var found = await server.ReadAsync(
            """
            SELECT s.plugin, s.database = current_database(), s.wal_status IS NOT DISTINCT FROM 'lost', s.active_pid, a.application_name
            FROM pg_replication_slots s LEFT JOIN pg_stat_activity a ON a.pid = s.active_pid WHERE s.slot_name = $1
            """,
            static row => new Found(
                row.IsDBNull(0) ? null : row.GetString(0), !row.IsDBNull(1) && row.GetBoolean(1), row.GetBoolean(2),
                row.IsDBNull(3) ? null : row.GetInt32(3), row.IsDBNull(4) ? null : row.GetString(4)),
            stop, name).ConfigureAwait(false);
        return found.Count > 0 ? found[0] : null;
    }

    private sealed record Found(string? Plugin, bool IsOfDatabase, bool IsLost, int? HolderId, string? HolderName);
}
