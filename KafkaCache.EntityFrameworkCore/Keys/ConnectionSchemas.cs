using System.Data.Common;
using System.Runtime.CompilerServices;

namespace KafkaCaching.EntityFrameworkCore.Keys;

/// <summary>The schemas in which a connection looks for tables that are named without a schema. Tenants may share a database by using
/// different search paths or different users: PostgreSQL looks first in the schema with the name of the user, a role may have its own
/// search path, and Oracle looks only in the schema of the user.</summary>
internal static class ConnectionSchemas
{
    // The command-line options of a connection may set the search path too.
    private static readonly string[] Settings = [
        "Search Path", "SearchPath", "Options", "Username", "User Name", "User Id", "UserId", "User", "UID",
    ];

    private static readonly ConditionalWeakTable<string, string> Known = [];

    /// <summary>The data source, followed by the settings that determine the schemas, with their names.</summary>
    public static string Named(string source, string connectionString)
    {
        var schemas = Known.GetValue(connectionString, Find);
        return schemas.Length == 0 ? source : $"{source}\n{schemas}";
    }

    private static string Find(string connectionString)
    {
        var settings = new DbConnectionStringBuilder { ConnectionString = connectionString };
        return string.Join('\n', Settings.Where(settings.ContainsKey).Select(name => $"{name}={settings[name]}"));
    }
}
