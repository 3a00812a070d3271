using Npgsql;

namespace KafkaCaching.EntityFrameworkCore.PostgreSQL.Setup;

/// <summary>Runs short commands.</summary>
internal static class Sql
{
    public static string Quote(string name) => $"\"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    public static async Task ExecuteAsync(this NpgsqlDataSource server, string sql, CancellationToken stop)
    {
        await using var command = server.CreateCommand(sql);
        await command.ExecuteNonQueryAsync(stop).ConfigureAwait(false);
    }

    public static async Task<IReadOnlyList<T>> ReadAsync<T>(
        this NpgsqlDataSource server, string sql, Func<NpgsqlDataReader, T> read, CancellationToken stop, params object[] values)
    {
        await using var command = server.CreateCommand(sql);
        Give(command, values);
        await using var reader = await command.ExecuteReaderAsync(stop).ConfigureAwait(false);
        var rows = new List<T>();
        while (await reader.ReadAsync(stop).ConfigureAwait(false))
            rows.Add(read(reader));
        return rows;
    }

    public static async Task<T> ReadOneAsync<T>(
        this NpgsqlDataSource server, string sql, Func<NpgsqlDataReader, T> read, CancellationToken stop, params object[] values) =>
        (await server.ReadAsync(sql, read, stop, values).ConfigureAwait(false))[0];

    /// <summary>Runs a command without a time limit.</summary>
    public static async Task RunAsync(this NpgsqlConnection connection, string sql, CancellationToken stop, params object[] values)
    {
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 0 };
        Give(command, values);
        await command.ExecuteNonQueryAsync(stop).ConfigureAwait(false);
    }

    private static void Give(NpgsqlCommand command, object[] values)
    {
        foreach (var value in values)
            command.Parameters.AddWithValue(value);
    }
}
