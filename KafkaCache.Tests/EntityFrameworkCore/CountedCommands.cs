using System.Data.Common;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace KafkaCaching.Tests.EntityFrameworkCore;

/// <summary>Counts the commands that Entity Framework has created, including those that the cache answers.</summary>
internal sealed class CountedCommands : DbCommandInterceptor
{
    private int _count;

    public int Count => Volatile.Read(ref _count);

    public override DbDataReader ReaderExecuted(DbCommand command, CommandExecutedEventData eventData, DbDataReader result)
    {
        Interlocked.Increment(ref _count);
        return result;
    }

    public override ValueTask<DbDataReader> ReaderExecutedAsync(
        DbCommand command, CommandExecutedEventData eventData, DbDataReader result, CancellationToken cancellationToken = default) =>
        ValueTask.FromResult(ReaderExecuted(command, eventData, result));
}
