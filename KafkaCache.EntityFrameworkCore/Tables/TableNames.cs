namespace KafkaCaching.EntityFrameworkCore.Tables;

/// <summary>How tables are named in tags. Schemas are left out and letters are lower case, so that two contexts that map one table in
/// different ways name it alike. Two tables of that name in two schemas are invalidated together.</summary>
internal static class TableNames
{
    public static string Of(string table) => table.ToLowerInvariant();

    /// <exception cref="ArgumentException">There is no table, or a name is empty.</exception>
    public static void Require(string[]? tables, string parameter)
    {
        ArgumentNullException.ThrowIfNull(tables, parameter);
        if (tables.Length == 0 || Array.Exists(tables, string.IsNullOrWhiteSpace))
            throw new ArgumentException("Name one table at least, as it is called in the database, without its schema.", parameter);
    }
}
