using KafkaCaching.EntityFrameworkCore.Tables;
using Npgsql.Replication.PgOutput;

namespace KafkaCaching.EntityFrameworkCore.PostgreSQL.Streaming;

/// <summary>Reads values in the form in which Entity Framework sends them. The tags of a row are hashes of its values, so a value may be
/// compared only if it is stored as it is sent and no other value is equal to it.</summary>
/// <remarks>That excludes numbers with a scale (1.5 may be stored as 1.50), floating-point numbers (0 and -0 are equal), times (sent in
/// units of 100 ns, stored in units of 1 µs), strings of fixed length (padded with blanks) and strings that ignore case. Rows that are
/// identified by such a column count as unknown.</remarks>
internal static class ColumnDecoders
{
    private const uint Bool = 16;
    private const uint Bytea = 17;
    private const uint Int8 = 20;
    private const uint Int2 = 21;
    private const uint Int4 = 23;
    private const uint Text = 25;
    private const uint Varchar = 1043;
    private const uint Date = 1082;
    private const uint Uuid = 2950;

    /// <param name="sent">The type in which Entity Framework sends values.</param>
    /// <param name="stored">The object ID of the column's type.</param>
    /// <returns>The decoder; <see langword="null"/> if the values can't be compared.</returns>
    public static Func<ReplicationValue, CancellationToken, Task<object?>>? Of(Type sent, uint stored) => stored switch
    {
        Int2 when WholeNumbers.Include(sent) => ReadAsync<short>,
        Int4 when WholeNumbers.Include(sent) => ReadAsync<int>,
        Int8 when WholeNumbers.Include(sent) => ReadAsync<long>,
        Bool when sent == typeof(bool) => ReadAsync<bool>,
        Uuid when sent == typeof(Guid) => ReadAsync<Guid>,
        Text or Varchar when sent == typeof(string) => ReadAsync<string>,
        Bytea when sent == typeof(byte[]) => ReadAsync<byte[]>,
        Date when sent == typeof(DateOnly) => ReadAsync<DateOnly>,
        _ => null,
    };

    private static async Task<object?> ReadAsync<T>(ReplicationValue value, CancellationToken stop) =>
        await value.Get<T>(stop).ConfigureAwait(false);
}
