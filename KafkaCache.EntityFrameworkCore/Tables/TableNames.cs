namespace KafkaCaching.EntityFrameworkCore.Tables;

/// <summary>The names of tables in tags. They have no schema and are in lower case, so that two contexts that map one table differently use
/// the same name. Two tables with the same name in different schemas are invalidated together.</summary>
internal static class TableNames
{
    public static string Of(string table) => table.ToLowerInvariant();

    /// <exception cref="ArgumentException">No table is given, or a name is empty.</exception>
    public static void Require(string[]? tables, string parameter)
    {
        ArgumentNullException.ThrowIfNull(tables, parameter);
        if (tables.Length == 0 || Array.Exists(tables, string.IsNullOrWhiteSpace))
            throw new ArgumentException("Name at least one table by its name in the database, without its schema.", parameter);
    }
}
