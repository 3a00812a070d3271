using System.Buffers;
using System.Buffers.Text;
using System.Data.Common;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;

namespace KafkaCaching.EntityFrameworkCore.Keys;

/// <summary>The keys of results. A key is a hash of everything that determines the result, so it contains no values in plain
/// text.</summary>
internal static class QueryKeys
{
    private const string InMemory = ":memory:";
    private const string Prefix = "q/";
    private const string SqliteConnection = "SqliteConnection";
    private const string NpgsqlConnection = "NpgsqlConnection";
    private const string OracleConnection = "OracleConnection";

    private static readonly int HashLength = Base64Url.GetEncodedLength(SHA256.HashSizeInBytes);

    // An in-memory database belongs to its connection and is not identified by its name, so each connection gets its own name here.
    private static readonly ConditionalWeakTable<DbConnection, string> OfConnections = [];

    [ThreadStatic]
    private static ArrayBufferWriter<byte>? _buffer;

    /// <param name="command">The command, whose database, text and parameters become part of the key.</param>
    /// <param name="model">The hash of the model.</param>
    /// <param name="tenant">The tenant.</param>
    /// <param name="result">The type of the elements of the result.</param>
    /// <param name="tracking">How the query makes its entities, which determines the columns that it reads.</param>
    /// <exception cref="NotSupportedException">A parameter is of a type that can't be part of a key.</exception>
    public static string Of(DbCommand command, string model, string? tenant, Type result, string tracking)
    {
        var buffer = Begin(command.Connection!, tenant);
        CanonicalValues.Write(buffer, model);
        CanonicalValues.Write(buffer, result.ToString());
        CanonicalValues.Write(buffer, tracking);
        CanonicalValues.Write(buffer, command.CommandText);
        foreach (DbParameter parameter in command.Parameters)
        {
            CanonicalValues.Write(buffer, parameter.ParameterName);
            if (!CanonicalValues.TryWrite(buffer, parameter.Value))
                throw new NotSupportedException(
                    $"The query has a parameter of the type {parameter.Value!.GetType()}, which can't be part of a key of the cache. "
                    + $"Pass it to the query as text, a number, a time or a list of those, or leave out .Cached().");
        }

        return End(buffer);
    }

    /// <summary>Begins a key with the part that all keys have. The buffer belongs to the thread until <see cref="End"/> is
    /// called.</summary>
    /// <param name="connection">The connection to the database, which may be closed.</param>
    /// <param name="tenant">The tenant.</param>
    public static ArrayBufferWriter<byte> Begin(DbConnection connection, string? tenant)
    {
        var buffer = _buffer ??= new ArrayBufferWriter<byte>(1_024);
        buffer.ResetWrittenCount();
        CanonicalValues.Write(buffer, SourceOf(connection));
        CanonicalValues.TryWrite(buffer, connection.Database);
        CanonicalValues.TryWrite(buffer, tenant);
        return buffer;
    }

    public static string End(ArrayBufferWriter<byte> buffer)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(buffer.WrittenSpan, hash);
        Span<char> key = stackalloc char[Prefix.Length + HashLength];
        Prefix.CopyTo(key);
        Base64Url.EncodeToChars(hash, key[Prefix.Length..]);
        return new string(key);
    }

    private static string SourceOf(DbConnection connection)
    {
        var source = connection.DataSource ?? "";
        if (source.Length == 0 || source.Equals(InMemory, StringComparison.OrdinalIgnoreCase))
            return OfConnections.GetValue(connection, static _ => $"{InMemory}{Guid.NewGuid():N}");
        return connection.GetType().Name switch
        {
            SqliteConnection => SqliteFile.Named(source, connection.ConnectionString),
            NpgsqlConnection or OracleConnection => ConnectionSchemas.Named(source, connection.ConnectionString),
            _ => source,
        };
    }
}
