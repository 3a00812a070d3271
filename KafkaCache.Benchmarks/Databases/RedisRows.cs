using System.Buffers;
using System.Data.Common;
using System.Security.Cryptography;
using System.Text;
using KafkaCaching.EntityFrameworkCore.Rows;
using Microsoft.EntityFrameworkCore.Diagnostics;
using StackExchange.Redis;

namespace KafkaCaching.Benchmarks.Databases;

/// <summary>A handwritten cache with Redis: an interceptor that stores the rows of a command under a hash of its text and parameters. The
/// rows are encoded as KafkaCache.EntityFrameworkCore encodes them.</summary>
internal sealed class RedisRows(IDatabase redis) : DbCommandInterceptor
{
    private static readonly TimeSpan TimeToLive = TimeSpan.FromMinutes(10);
    private static readonly CachedRowsSerializer Serializer = new();

    public override async ValueTask<InterceptionResult<DbDataReader>> ReaderExecutingAsync(
        DbCommand command, CommandEventData eventData, InterceptionResult<DbDataReader> result,
        CancellationToken cancellationToken = default)
    {
        var rows = (byte[]?)await redis.StringGetAsync(KeyOf(command));
        return rows is null
            ? result
            : InterceptionResult<DbDataReader>.SuppressWithResult(
                new CachedRowsReader(Serializer.Deserialize(new ReadOnlySequence<byte>(rows))));
    }

    public override ValueTask<DbDataReader> ReaderExecutedAsync(
        DbCommand command, CommandExecutedEventData eventData, DbDataReader result, CancellationToken cancellationToken = default)
    {
        if (result is CachedRowsReader)
            return ValueTask.FromResult(result);
        var key = KeyOf(command);
        return ValueTask.FromResult<DbDataReader>(new RecordingReader(result, long.MaxValue, rows =>
        {
            var bytes = new ArrayBufferWriter<byte>();
            Serializer.Serialize(rows!, bytes);
            redis.StringSet(key, bytes.WrittenMemory, TimeToLive);
        }));
    }

    private static RedisKey KeyOf(DbCommand command)
    {
        var text = new StringBuilder(command.CommandText);
        foreach (DbParameter parameter in command.Parameters)
            text.Append('\n').Append(parameter.ParameterName).Append('=').Append(parameter.Value);
        return SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString()));
    }
}
