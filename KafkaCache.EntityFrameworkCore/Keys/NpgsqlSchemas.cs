using System.Data.Common;
using System.Runtime.CompilerServices;

namespace KafkaCaching.EntityFrameworkCore.Keys;

/// <summary>The schemas in which a connection of Npgsql looks for tables whose names have none. Tenants may share a database in this
/// way.</summary>
internal static class NpgsqlSchemas
{
    // The options of a connection may set the search path too.
    private static readonly string[] Settings = ["Search Path", "SearchPath", "Options"];

    private static readonly ConditionalWeakTable<string, string> Known = [];

    /// <summary>The source, followed by the settings that determine the schemas.</summary>
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
