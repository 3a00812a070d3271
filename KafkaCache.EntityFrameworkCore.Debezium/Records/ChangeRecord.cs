namespace KafkaCaching.EntityFrameworkCore.Debezium.Records;

/// <summary>What a record of Debezium's says has changed.</summary>
internal static class ChangeRecord
{
    private const string Operation = "op";

    // Connectors whose records have every value that a row had. PostgreSQL's has only those of the replica identity, and fills in the rest.
    private static readonly HashSet<string> WithOldRows = new(StringComparer.Ordinal) { "mysql", "mariadb", "sqlserver" };

    /// <summary>Adds a change.</summary>
    /// <param name="rows">Where to.</param>
    /// <param name="key">The fields of the record's key; <see langword="null"/> if it has none.</param>
    /// <param name="value">The fields of its value.</param>
    /// <param name="tables">The tables of the model.</param>
    /// <param name="tableOf">Names the table of the model for a table of the records.</param>
    /// <returns>Whether it is a change.</returns>
    /// <exception cref="FormatException">It is none of Debezium's records.</exception>
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
            // A truncate, or a row of a snapshot: a connector that has lost its position makes one, and deleted rows are not in it.
            rows.AddUnknown(tableOf(name));
            return true;
        }

        // A row whose key changes is a deletion and an insertion. So the key of the record is that of the row before and after.
        var isWhole = source.GetValueOrDefault("connector") is string connector && WithOldRows.Contains(connector);
        var old = operation is "c" ? null : Known(table, isWhole ? before : null, key);
        var current = operation is "d" ? null : Known(table, after, key: null);
        rows.Add(table, old, current);
        return true;
    }

    // Heartbeats, metadata of transactions, and changes of schemas: they share the prefix of the tables' topics.
    private static bool IsOfTheConnector(IReadOnlyDictionary<string, object?> value) =>
        value.ContainsKey("ddl") || value.ContainsKey("tableChanges") || value.ContainsKey("historyRecord")
        || (value.ContainsKey("status") && value.ContainsKey("id") && value.ContainsKey("event_count"))
        || (value.ContainsKey("ts_ms") && value.Keys.All(static name => name.StartsWith("ts_", StringComparison.Ordinal)));

    private static Dictionary<string, object?> Known(
        ChangedTable table, IReadOnlyDictionary<string, object?>? row, IReadOnlyDictionary<string, object?>? key)
    {
        var known = new Dictionary<string, object?>(StringComparer.Ordinal);
        foreach (var (column, value) in (row ?? Empty).Concat(key ?? Empty))
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
        "it is not in Debezium's envelope. Take the transformation that unwraps it (ExtractNewRecordState) out of the connector, or "
        + "narrow Topics to the topics of the tables");
}
