using System.Buffers;
using System.Buffers.Text;
using System.Data.Common;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;

namespace KafkaCaching.EntityFrameworkCore.Keys;

/// <summary>The keys of results: a hash of everything that decides on them, so that no value of a user is in a key.</summary>
internal static class QueryKeys
{
    private const string InMemory = ":memory:";

    // A database in memory belongs to its connection. Its name is no name.
    private static readonly ConditionalWeakTable<DbConnection, string> OfConnections = [];

    [ThreadStatic]
    private static ArrayBufferWriter<byte>? _buffer;

    /// <param name="command">The command: its database, its text and its parameters.</param>
    /// <param name="model">The hash of the model.</param>
    /// <param name="tenant">The tenant.</param>
    /// <param name="result">The type of the elements of the result.</param>
    /// <exception cref="NotSupportedException">A parameter is of a type that can't be part of a key.</exception>
    public static string Of(DbCommand command, string model, string? tenant, Type result)
    {
        var buffer = _buffer ??= new ArrayBufferWriter<byte>(1_024);
        buffer.ResetWrittenCount();
        CanonicalValues.Write(buffer, DatabaseOf(command.Connection!));
        CanonicalValues.TryWrite(buffer, tenant);
        CanonicalValues.Write(buffer, model);
        CanonicalValues.Write(buffer, result.ToString());
        CanonicalValues.Write(buffer, command.CommandText);
        foreach (DbParameter parameter in command.Parameters)
        {
            CanonicalValues.Write(buffer, parameter.ParameterName);
            if (!CanonicalValues.TryWrite(buffer, parameter.Value))
                throw new NotSupportedException(
                    $"The query has a parameter of the type {parameter.Value!.GetType()}, which can't be part of a key of the cache. "
                    + $"Pass it to the query as text, a number, a time or a list of those, or leave out .Cached().");
        }

        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(buffer.WrittenSpan, hash);
        return "q/" + Base64Url.EncodeToString(hash);
    }

    private static string DatabaseOf(DbConnection connection)
    {
        var source = connection.DataSource ?? "";
        return source.Length == 0 || source.Equals(InMemory, StringComparison.OrdinalIgnoreCase)
            ? OfConnections.GetValue(connection, static _ => $"{InMemory}{Guid.NewGuid():N}")
            : $"{source}|{connection.Database}";
    }
}
