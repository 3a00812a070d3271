namespace KafkaCaching.EntityFrameworkCore.Debezium.Records;

/// <summary>Reads the change that a Debezium record describes.</summary>
internal static class ChangeRecord
{
    private const string Operation = "op";

    // The connectors whose records contain all old values of a row. In the records of PostgreSQL, only the old values of the replica
    // identity are real, and the others are placeholders.
    private static readonly HashSet<string> WithOldRows = new(StringComparer.Ordinal) { "mysql", "mariadb", "sqlserver" };

    // The connectors whose databases don't log the rows that foreign keys delete or change.
    private static readonly HashSet<string> WithoutCascades = new(StringComparer.Ordinal) { "mysql", "mariadb" };

    /// <summary>Adds the change of a record.</summary>
    /// <param name="rows">The set to which the change is added.</param>
    /// <param name="key">The fields of the record's key; <see langword="null"/> if it has none.</param>
    /// <param name="value">The fields of its value.</param>
    /// <param name="tables">The tables of the model.</param>
    /// <param name="tableOf">Maps a table name of the records to a table of the model.</param>
    /// <returns>Whether the record describes a change.</returns>
    /// <exception cref="FormatException">The record is not one of Debezium's.</exception>
    public static bool Add(
        ChangedRows rows, IReadOnlyDictionary<string, object?>? key, IReadOnlyDictionary<string, object?> value, ChangedTables tables,
        Func<string, string> tableOf)
    {
        if (!value.TryGetValue(Operation, out var operation))
            return IsOfTheConnector(value) ? false : throw Flattened();
        if (operation is "m")
            return false;
        if (Struct(value, "source") is not { } source || source.GetValueOrDefault("table") is not string name)
            throw Flattened();
        var table = tables.Find(tableOf(name));
        var (before, after) = (Struct(value, "before"), Struct(value, "after"));
        if (table is null || operation is not ("c" or "u" or "d"))
        {
            // The record is a truncation, a row of a snapshot, or a change to a table that is not in the model. A connector that has lost
            // its position takes a snapshot, which does not report the rows that were deleted in the meantime.
            rows.AddUnknown(tableOf(name));
            return true;
        }

        // Debezium reports a row whose key changes as a deletion and an insertion. So the key of the record is the key of the row both
        // before and after the change.
        var connector = source.GetValueOrDefault("connector") as string ?? "";
        var old = operation is "c" ? null : Known(table, WithOldRows.Contains(connector) ? before : null, key);
        var current = operation is "d" ? null : Known(table, after, key: null);
        rows.Add(table, old, current);
        if (operation is "d" && WithoutCascades.Contains(connector))
            AddCascades(rows, table);
        return true;
    }

    private static void AddCascades(ChangedRows rows, ChangedTable table)
    {
        foreach (var cascade in table.Cascades)
            rows.AddUnknown(cascade);
    }

    // Recognizes heartbeats, transaction metadata and schema changes, whose topics have the same prefix as the topics of the tables.
    private static bool IsOfTheConnector(IReadOnlyDictionary<string, object?> value) =>
        value.ContainsKey("ddl") || value.ContainsKey("tableChanges") || value.ContainsKey("historyRecord")
        || (value.ContainsKey("status") && value.ContainsKey("id") && value.ContainsKey("event_count"))
        || (value.ContainsKey("ts_ms") && value.Keys.All(static name => name.StartsWith("ts_", StringComparison.Ordinal)));

    private static Dictionary<string, object?> Known(
        ChangedTable table, IReadOnlyDictionary<string, object?>? row, IReadOnlyDictionary<string, object?>? key)
    {
        var known = new Dictionary<string, object?>(StringComparer.Ordinal);
        // The connector's message.key.columns may add columns to the key of the record. If the database has sent no old row, their values
        // are those of the new one.
        foreach (var (column, value) in (row ?? Empty).Concat((key ?? Empty).Where(field => table.IsInKey(field.Key))))
        {
            if (table.TypeOf(column) is { } type && ComparableValues.TryRead(type, value, out var comparable))
                known[column] = comparable;
        }

        return known;
    }

    private static IReadOnlyDictionary<string, object?> Empty => new Dictionary<string, object?>(StringComparer.Ordinal);

    private static IReadOnlyDictionary<string, object?>? Struct(IReadOnlyDictionary<string, object?> value, string field) =>
        value.GetValueOrDefault(field) as IReadOnlyDictionary<string, object?>;

    private static FormatException Flattened() => new(
        "it is not in Debezium's envelope. Remove the transformation that unwraps records (ExtractNewRecordState) from the connector, or "
        + "narrow Topics to the topics of the tables");
}
