using System.Data.Common;

namespace KafkaCaching.EntityFrameworkCore.Keys;

/// <summary>The file that a connection of Microsoft.Data.Sqlite opens.</summary>
internal static class SqliteFile
{
    private const string DataDirectory = "|DataDirectory|";

    /// <summary>The full path of the file, so that the same relative name in two directories counts as two databases. The data source of an
    /// open connection is already a full path; that of a closed connection is the name in its connection string. A URI and the name of a
    /// shared in-memory database are returned unchanged.</summary>
    public static string Named(string source, string connectionString)
    {
        if (Path.IsPathFullyQualified(source))
            return Path.GetFullPath(source);
        if (source.StartsWith("file:", StringComparison.OrdinalIgnoreCase) || IsInMemory(connectionString))
            return source;

        // This follows the rules of Microsoft.Data.Sqlite.
        var directory = AppDomain.CurrentDomain.GetData("DataDirectory") as string ?? "";
        return source.StartsWith(DataDirectory, StringComparison.OrdinalIgnoreCase)
            ? Path.GetFullPath(Path.Combine(directory, source[DataDirectory.Length..].TrimStart('/', '\\')))
            : Path.GetFullPath(Path.Combine(directory, source));
    }

    private static bool IsInMemory(string connectionString) =>
        new DbConnectionStringBuilder { ConnectionString = connectionString }.TryGetValue("Mode", out var mode)
        && "Memory".Equals(mode as string, StringComparison.OrdinalIgnoreCase);
}
