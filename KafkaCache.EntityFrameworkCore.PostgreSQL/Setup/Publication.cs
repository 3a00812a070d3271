using Npgsql;

namespace KafkaCaching.EntityFrameworkCore.PostgreSQL.Setup;

/// <summary>The publication, which determines the tables in the stream.</summary>
internal sealed class Publication(NpgsqlDataSource server, PostgresRelayOptions options, ChangedTables tables)
{
    private const int FirstWithRowFilters = 15;

    private readonly string _name = Sql.Quote(options.Publication);
    private readonly string[] _tables = [
        .. tables.Names.Select(static table =>
            table.Schema is null ? Sql.Quote(table.Name) : $"{Sql.Quote(table.Schema)}.{Sql.Quote(table.Name)}"),
    ];

    /// <summary>Returns a text that changes when the publication or one of its row filters is altered, or when a table is dropped and
    /// created again, because the new table is not published. The query takes no lock, so it does not wait for an <c>ALTER
    /// TABLE</c>.</summary>
    public Task<string> DescribeAsync(CancellationToken stop) => server.ReadOneAsync(
        """
        SELECT concat_ws(' ',
            (SELECT string_agg(COALESCE(to_regclass(name)::oid::text, '-'), ',' ORDER BY name) FROM unnest($1) name),
            (SELECT string_agg(concat(p.oid, p.puballtables, p.pubinsert, p.pubupdate, p.pubdelete, p.pubtruncate, p.pubviaroot), ',')
             FROM pg_publication p WHERE p.pubname = $2),
            (SELECT string_agg(r::text, ',' ORDER BY r.prrelid)
             FROM pg_publication_rel r JOIN pg_publication p ON p.oid = r.prpubid WHERE p.pubname = $2))
        """,
        static row => row.GetString(0), stop, _tables, options.Publication);

    /// <returns>The command that creates the publication or adds the missing tables; <see langword="null"/> if nothing is
    /// missing.</returns>
    /// <exception cref="ChangeSourceException">The publication leaves out changes, or the model has a table that the database
    /// lacks.</exception>
    public async Task<string?> FindMendAsync(CancellationToken stop)
    {
        var found = await server.ReadAsync(
            """
            SELECT puballtables, pubinsert AND pubupdate AND pubdelete AND pubtruncate, pubviaroot
            FROM pg_publication WHERE pubname = $1
            """,
            static row => (HasAll: row.GetBoolean(0), IsWhole: row.GetBoolean(1), IsViaRoot: row.GetBoolean(2)), stop,
            options.Publication).ConfigureAwait(false);
        if (found is [{ IsViaRoot: true }])
            throw new ChangeSourceException(
                "The publication reports changes of partitions as changes of their tables, and therefore leaves out TRUNCATE of a "
                + $"partition. Run ALTER PUBLICATION {_name} SET (publish_via_partition_root = false)");
        if (found is [{ IsWhole: false }])
            throw new ChangeSourceException(
                $"The publication leaves out some kinds of changes. Run ALTER PUBLICATION {_name} SET (publish = 'insert, update, delete, "
                + "truncate')");
        if (found.Count > 0)
            await RequireNoFilterAsync(stop).ConfigureAwait(false);
        if (found is [{ HasAll: true }])
            return null;
        var missing = await FindMissingAsync(stop).ConfigureAwait(false);
        if (missing.Count > 0)
            await RequireIdentityAsync(missing, stop).ConfigureAwait(false);
        var names = string.Join(", ", missing);
        return found.Count == 0 ? $"CREATE PUBLICATION {_name} FOR TABLE {names}"
            : missing.Count == 0 ? null
            : $"ALTER PUBLICATION {_name} ADD TABLE {names}";
    }

    // With a row filter, the stream lacks the changes of rows that don't match, and reports a row that starts or ceases to match as
    // inserted or deleted.
    private async Task RequireNoFilterAsync(CancellationToken stop)
    {
        var version = await server.ReadOneAsync(
            "SELECT current_setting('server_version_num')::int / 10000", static row => row.GetInt32(0), stop).ConfigureAwait(false);
        if (version < FirstWithRowFilters)
            return;
        var filtered = await server.ReadAsync(
            "SELECT format('%I.%I', schemaname, tablename) FROM pg_publication_tables WHERE pubname = $1 AND rowfilter IS NOT NULL",
            static row => row.GetString(0), stop, options.Publication).ConfigureAwait(false);
        if (filtered.Count > 0)
            throw new ChangeSourceException(
                $"The publication leaves out rows of {string.Join(", ", filtered)}. Drop these tables with ALTER PUBLICATION {_name} DROP "
                + $"TABLE {string.Join(", ", filtered)}, and add them without WHERE.");
    }

    // A partitioned table counts as published if the table itself or all of its partitions are published.
    private async Task<IReadOnlyList<string>> FindMissingAsync(CancellationToken stop)
    {
        var absent = await server.ReadAsync(
            "SELECT name FROM unnest($1) name WHERE to_regclass(name) IS NULL", static row => row.GetString(0), stop, (object)_tables)
            .ConfigureAwait(false);
        if (absent.Count > 0)
            throw new ChangeSourceException(
                $"The database has no table {string.Join(", ", absent)}, which the model has. The relay begins once all tables of the "
                + "model exist.");
        return await server.ReadAsync(
            """
            WITH there AS (SELECT to_regclass(format('%I.%I', schemaname, tablename)) AS oid FROM pg_publication_tables WHERE pubname = $2)
            SELECT DISTINCT name FROM unnest($1) name
            WHERE to_regclass(name) NOT IN (SELECT oid FROM there)
              AND NOT EXISTS (
                SELECT FROM pg_partition_tree(to_regclass(name))
                HAVING count(*) > 1 AND bool_and(NOT isleaf OR relid IN (SELECT oid FROM there)))
            """,
            static row => row.GetString(0), stop, (object)_tables, options.Publication).ConfigureAwait(false);
    }

    // Once a table without a replica identity is published, the server refuses to update or delete its rows.
    private async Task RequireIdentityAsync(IReadOnlyList<string> names, CancellationToken stop)
    {
        var without = await server.ReadAsync(
            """
            SELECT DISTINCT c.oid::regclass::text
            FROM unnest($1) name, LATERAL (SELECT to_regclass(name) AS relid UNION SELECT relid FROM pg_partition_tree(to_regclass(name))) t
            JOIN pg_class c ON c.oid = t.relid
            WHERE c.relreplident = 'n'
               OR (c.relreplident = 'd' AND NOT EXISTS (SELECT FROM pg_index i WHERE i.indrelid = c.oid AND i.indisprimary))
            """,
            static row => row.GetString(0), stop, (object)names.ToArray()).ConfigureAwait(false);
        if (without.Count > 0)
            throw new ChangeSourceException(
                $"If {string.Join(", ", without)} were published, the server would refuse to update or delete their rows, because they "
                + "have no replica identity. "
                + $"Run {string.Join("; ", without.Select(static name => $"ALTER TABLE {name} REPLICA IDENTITY FULL"))}");
    }
}
