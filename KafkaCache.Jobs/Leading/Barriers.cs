using System.Text;
using KafkaCaching.Jobs.Tables;

namespace KafkaCaching.Jobs.Leading;

/// <summary>Reads the current leader from the barrier, which is the first record that a new writer writes.</summary>
internal static class Barriers
{
    /// <returns>The leader; <see langword="null"/> if there has been none, or the table can't be read.</returns>
    public static FencedLeader? Leader(IReadOnlyKafkaCache<string, TableValue> table, string key)
    {
        try
        {
            return table.TryGetEntry(key, out var barrier)
                ? new FencedLeader(Encoding.UTF8.GetString(barrier.Value.Bytes), barrier.Timestamp, barrier.Offset)
                : null;
        }
        catch (Exception unreadable) when (unreadable is KafkaCacheException or ObjectDisposedException)
        {
            return null;
        }
    }
}
