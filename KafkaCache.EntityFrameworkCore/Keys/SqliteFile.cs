using System.Data.Common;

namespace KafkaCaching.EntityFrameworkCore.Keys;

/// <summary>The file that a connection of Microsoft.Data.Sqlite opens.</summary>
internal static class SqliteFile
{
    private const string DataDirectory = "|DataDirectory|";

    /// <summary>The full path of the file, so that the same relative name in two directories means two databases. An open connection
    /// returns the full path itself, and a closed one returns the name in its connection string. A name that is not a plain file name is
    /// returned unchanged: a URI, or the name of an in-memory database that connections share.</summary>
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
