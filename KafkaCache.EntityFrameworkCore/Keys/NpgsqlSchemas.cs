using System.Data.Common;
using System.Runtime.CompilerServices;

namespace KafkaCaching.EntityFrameworkCore.Keys;

/// <summary>The schemas in which an Npgsql connection looks for tables that are named without a schema (the search path). Tenants may share
/// a database by using different search paths.</summary>
internal static class NpgsqlSchemas
{
    // The command-line options of a connection may set the search path too.
    private static readonly string[] Settings = ["Search Path", "SearchPath", "Options"];

    private static readonly ConditionalWeakTable<string, string> Known = [];

    /// <summary>The data source, followed by the settings that determine the schemas.</summary>
    public static string Named(string source, string connectionString)
    {
        var schemas = Known.GetValue(connectionString, Find);
        return schemas.Length == 0 ? source : $"{source}\n{schemas}";
    }

    private static string Find(string connectionString)
    {
        var settings = new DbConnectionStringBuilder { ConnectionString = connectionString };
        return string.Join('\n', Settings.Where(settings.ContainsKey).Select(name => settings[name]));
    }
}
