using KafkaCaching.EntityFrameworkCore.PostgreSQL.Setup;
using Npgsql;
using Npgsql.Replication.PgOutput.Messages;

namespace KafkaCaching.EntityFrameworkCore.PostgreSQL.Streaming;

/// <summary>The tables that the stream has described. The stream describes a table before its first change, and again after the table has
/// been altered.</summary>
internal sealed class Relations(NpgsqlDataSource server, ChangedTables tables)
{
    private readonly Dictionary<uint, Relation> _relations = [];

    public Relation Find(RelationMessage message) => _relations[message.RelationId];

    public async Task NoteAsync(RelationMessage message, CancellationToken stop)
    {
        // Rows of a partition are also rows of the partitioned table, and rows of an inheriting table are also rows of its parents.
        var names = await server.ReadAsync(
            """
            WITH RECURSIVE up AS (
                SELECT $1::oid AS oid
                UNION SELECT i.inhparent FROM up JOIN pg_inherits i ON i.inhrelid = up.oid)
            SELECT c.relname::text FROM up JOIN pg_class c ON c.oid = up.oid
            """,
            static row => row.GetString(0), stop, (long)message.RelationId).ConfigureAwait(false);
        var loose = await server.ReadAsync(
            """
            SELECT a.attname::text FROM pg_attribute a JOIN pg_collation k ON k.oid = a.attcollation
            WHERE a.attrelid = $1::oid AND NOT k.collisdeterministic
            """,
            static row => row.GetString(0), stop, (long)message.RelationId).ConfigureAwait(false);

        // If the table has been dropped since then, its parents can't be determined.
        var isGone = names.Count == 0 && tables.Find(message.RelationName) is null;
        string[] all = names.Count == 0 ? [message.RelationName] : [.. names];
        ChangedTable[] known = [.. all.Select(tables.Find).OfType<ChangedTable>().Distinct()];
        string[] unknown = [.. all.Where(name => tables.Find(name) is null)];
        _relations[message.RelationId] = new Relation(
            known, unknown, isGone,
            [.. message.Columns.Select(column => ColumnOf(column, known, loose.Contains(column.ColumnName, StringComparer.Ordinal)))]);
    }

    private static RelationColumn ColumnOf(RelationMessage.Column column, ChangedTable[] tables, bool isLoose)
    {
        Type[] types = [.. tables.Select(table => table.TypeOf(column.ColumnName)).OfType<Type>().Distinct()];
        return new RelationColumn(
            column.ColumnName, column.Flags.HasFlag(RelationMessage.Column.ColumnFlags.PartOfKey),
            types is [var type] && !isLoose ? ColumnDecoders.Of(type, column.DataTypeId) : null);
    }
}
