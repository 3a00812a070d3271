using Npgsql.Replication.PgOutput;

namespace KafkaCaching.EntityFrameworkCore.PostgreSQL.Streaming;

/// <summary>A table of the stream.</summary>
/// <param name="known">The tables of the model that contain its rows: the table itself, and the tables of which it is a partition or from
/// which it inherits.</param>
/// <param name="unknown">The names of the tables that contain its rows but are not in the model. Views or raw SQL may read them.</param>
/// <param name="isGone">Whether the table has been dropped, so that the other tables that contain its rows can't be determined.</param>
/// <param name="columns">The columns, in the order of the stream.</param>
internal sealed class Relation(ChangedTable[] known, string[] unknown, bool isGone, RelationColumn[] columns)
{
    /// <summary>Reads the values of the columns that determine tags.</summary>
    /// <param name="tuple">The row, which is read to its end.</param>
    /// <param name="isKey">Whether only the columns of the replica identity have values. The other columns are sent as null.</param>
    /// <param name="old">The old values of the row, which are used for large values that have not changed, because the server does not send
    /// these again.</param>
    /// <param name="stop">Ends the read.</param>
    /// <returns>The known values.</returns>
    public async Task<Dictionary<string, object?>> ReadAsync(
        ReplicationTuple tuple, bool isKey, Dictionary<string, object?>? old, CancellationToken stop)
    {
        var row = new Dictionary<string, object?>(StringComparer.Ordinal);
        var i = 0;
        await foreach (var value in tuple.WithCancellation(stop).ConfigureAwait(false))
        {
            var column = columns[i++];
            if (column.Decoder is not { } decode || (isKey && !column.IsIdentity))
                continue;
            switch (value.Kind)
            {
                case TupleDataKind.Null:
                    row[column.Name] = null;
                    break;
                case TupleDataKind.BinaryValue:
                    row[column.Name] = await decode(value, stop).ConfigureAwait(false);
                    break;
                case TupleDataKind.UnchangedToastedValue when old?.TryGetValue(column.Name, out var same) == true:
                    row[column.Name] = same;
                    break;
                default:
                    // The value is unknown.
                    break;
            }
        }

        return row;
    }

    /// <summary>Returns the values of the replica identity. If the server has sent no old values, these values have not changed.</summary>
    public Dictionary<string, object?> IdentityOf(Dictionary<string, object?> row) => columns
        .Where(column => column.IsIdentity && row.ContainsKey(column.Name))
        .ToDictionary(static column => column.Name, column => row[column.Name], StringComparer.Ordinal);

    /// <summary>Adds a change.</summary>
    public void Add(Batch batch, Dictionary<string, object?>? before, Dictionary<string, object?>? after)
    {
        batch.CountChange();
        foreach (var table in known)
            batch.Rows.Add(table, before, after);
        AddOthers(batch);
    }

    /// <summary>Adds unknown rows.</summary>
    public void AddUnknownRows(Batch batch)
    {
        batch.CountChange();
        foreach (var table in known)
            batch.Rows.AddUnknown(table.Name);
        AddOthers(batch);
    }

    private void AddOthers(Batch batch)
    {
        foreach (var name in unknown)
            batch.Rows.AddUnknown(name);
        if (isGone)
            batch.AddAllTables();
    }
}
