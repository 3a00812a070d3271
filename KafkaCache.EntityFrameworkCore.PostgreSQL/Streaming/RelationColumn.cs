using Npgsql.Replication.PgOutput;

namespace KafkaCaching.EntityFrameworkCore.PostgreSQL.Streaming;

/// <summary>A column of a table of the stream.</summary>
/// <param name="Name">The name of the column.</param>
/// <param name="IsIdentity">Whether the server sends its old value.</param>
/// <param name="Decoder">Reads a value in the form in which Entity Framework sends it; <see langword="null"/> if the value is not needed or
/// can't be compared.</param>
internal sealed record RelationColumn(string Name, bool IsIdentity, Func<ReplicationValue, CancellationToken, Task<object?>>? Decoder);
