using KafkaCaching.Logs;
using KafkaCaching.Replay.Progress;

namespace KafkaCaching.Generations;

/// <summary>Determines where the replay of a generation begins, and with which entries.</summary>
internal abstract class StartPoint
{
    /// <summary>The start of the log, in each partition.</summary>
    public static StartPoint LogStart { get; } = new StartOfLog();

    /// <summary>The snapshot whose entries the generation begins with; <see langword="null"/> if it begins with none.</summary>
    public virtual LoadedSnapshot? Loaded => null;

    /// <param name="partition">The partition's number.</param>
    /// <param name="range">The offsets that the brokers have just reported for the partition.</param>
    /// <param name="reached">The position that an earlier generation of the same log has reached. The new generation must not show readers
    /// an older state.</param>
    public abstract PartitionProgress Of(int partition, LogRange range, long reached);

    private sealed class StartOfLog : StartPoint
    {
        public override PartitionProgress Of(int partition, LogRange range, long reached) =>
            PartitionProgress.Of(partition, range, reached);
    }
}
