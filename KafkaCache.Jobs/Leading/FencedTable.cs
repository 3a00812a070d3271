using KafkaCaching.Jobs.Tables;
using Microsoft.Extensions.Logging;

namespace KafkaCaching.Jobs.Leading;

/// <summary>Opens a writer for a table, and waits until this instance has read the table to the end.</summary>
internal static class FencedTable
{
    /// <summary>Fences earlier writers, and then waits until the local table has everything that they have written. The order matters: a
    /// writer that died during a transaction leaves it open, and the table can't read past it until the writer is fenced.</summary>
    /// <returns>The writer.</returns>
    public static async Task<FencedWriter> OpenAsync(
        IKafkaCache<string, TableValue> table, FencedWriterOptions options, ILoggerFactory loggers, CancellationToken stop)
    {
        var writer = await FencedWriter.FenceAsync(options, loggers, stop).ConfigureAwait(false);
        try
        {
            await table.WaitUntilReadyAsync(stop).ConfigureAwait(false);
            await table.WaitUntilAppliedAsync(writer.Barrier, stop).ConfigureAwait(false);
            return writer;
        }
        catch
        {
            await writer.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }
}
