using System.Buffers;
using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;

namespace KafkaCaching.EntityFrameworkCore.Tables;

/// <summary>The tags by which results are invalidated.</summary>
/// <remarks>
/// <para>A result that reads a whole table has the tag of the table, and every commit that changes the table marks that tag. A result that
/// reads one row, or the rows with one value in a declared column, has the tag of that row or value instead. It also has the tag of the
/// table's unknown rows, which a commit marks when it doesn't know which rows it changes.</para>
/// <para>Rows and values are hashed into a fixed number of buckets. So a tag contains no personal data, and the marks of a table take a
/// bounded amount of memory however many rows are written. Rows in the same bucket are invalidated together, which costs extra
/// reads.</para>
/// </remarks>
internal static class Tags
{
    /// <summary>The tag of all rows of a table.</summary>
    public static string OfTable(string table) => $"t/{table}";

    /// <summary>The tag that a commit marks when it doesn't know which rows of a table it changes.</summary>
    public static string OfUnknownRows(string table) => $"b/{table}";

    /// <summary>The tag of a row, by the values of its primary key.</summary>
    /// <returns>The tag, or the tag of the table's unknown rows if a value has no hash. A writer then marks that tag in place of the row's.
    /// A result that reads such a row has the tag of the table instead, because a writer may have another value for the same row.</returns>
    public static string OfRow(string table, ReadOnlySpan<object?> key) =>
        TryHash(key, out var hash) ? string.Create(CultureInfo.InvariantCulture, $"r/{table}/{hash:x4}") : OfUnknownRows(table);

    /// <summary>The tag of the rows with a given value in a column.</summary>
    /// <returns>The same as for <see cref="OfRow"/>.</returns>
    public static string OfValue(string table, string column, object? value) => TryHash([value], out var hash)
        ? string.Create(CultureInfo.InvariantCulture, $"c/{table}/{column.ToLowerInvariant()}/{hash:x4}")
        : OfUnknownRows(table);

    private static bool TryHash(ReadOnlySpan<object?> values, out ushort hash)
    {
        var buffer = new ArrayBufferWriter<byte>(64);
        hash = 0;
        foreach (var value in values)
        {
            if (!RowValues.TryWrite(buffer, value))
                return false;
        }

        Span<byte> whole = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(buffer.WrittenSpan, whole);
        hash = BinaryPrimitives.ReadUInt16BigEndian(whole);
        return true;
    }
}
