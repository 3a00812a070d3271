using System.Data.Common;

namespace KafkaCaching.EntityFrameworkCore.Keys;

/// <summary>The file that a connection of Microsoft.Data.Sqlite opens.</summary>
internal static class SqliteFile
{
    private const string DataDirectory = "|DataDirectory|";

    /// <summary>The full path of the file, so that one relative name in two directories is two databases. An open connection gives the
    /// full path itself, and a closed one gives what its connection string says. What is no plain name of a file stays as it is: a
    /// database in memory that connections share by its name, and a URI.</summary>
    public static string Named(string source, string connectionString)
    {
        if (Path.IsPathFullyQualified(source))
            return Path.GetFullPath(source);
        if (source.StartsWith("file:", StringComparison.OrdinalIgnoreCase) || IsInMemory(connectionString))
            return source;

        // As Microsoft.Data.Sqlite does.
        var directory = AppDomain.CurrentDomain.GetData("DataDirectory") as string ?? "";
        return source.StartsWith(DataDirectory, StringComparison.OrdinalIgnoreCase)
            ? Path.GetFullPath(Path.Combine(directory, source[DataDirectory.Length..].TrimStart('/', '\\')))
            : Path.GetFullPath(Path.Combine(directory, source));
    }

    private static bool IsInMemory(string connectionString) =>
        new DbConnectionStringBuilder { ConnectionString = connectionString }.TryGetValue("Mode", out var mode)
        && "Memory".Equals(mode as string, StringComparison.OrdinalIgnoreCase);
}
